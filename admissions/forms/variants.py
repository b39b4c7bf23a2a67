"""How the form differs with who writes: which questions it asks, and in which words.

Decided by what was sent, so it is the same with JavaScript and without.
"""

from __future__ import annotations

import enum
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions.choices import PreferredContact, WritingAs
from admissions.models import Enquiry


class Variant(enum.Enum):
    # Nobody has said yet who writes, or somebody writes about another.
    ABOUT_ANOTHER = "about_another"
    ABOUT_ONESELF = "about_oneself"
    TEEN = "teen"
    PROFESSIONAL = "professional"


ONESELF: dict[str, dict[str, Any]] = {
    "age_band": {"label": _("Your age"), "error": _("Please choose your age.")},
    "state": {"label": _("State where you live"), "error": _("Please choose the state where you live.")},
}
CHANGES: dict[Variant, dict[str, dict[str, Any]]] = {
    Variant.ABOUT_ANOTHER: {},
    Variant.ABOUT_ONESELF: ONESELF,
    Variant.TEEN: ONESELF
    | {
        "telephone": {"label": _("A telephone number that is yours alone, if you have one")},
        "email": {"label": _("An e-mail address that only you read")},
        "insurer": {"label": _("Health insurer, if you happen to know it (optional)")},
    },
    Variant.PROFESSIONAL: {
        "telephone": {
            "label": _("Call-back line"),
            "help": _("Where we reach you, with an extension if there is one, such as (617) 555-0142 ext. 12."),
            "is_needed": True,
            "error": _("Please write the number on which we can call you back."),
        },
        "preferred_contact": {
            "choices": [choice for choice in PreferredContact.choices if choice[0] != PreferredContact.TEXT],
        },
        "email": {"label": _("Work e-mail address (optional)")},
        "message": {
            "label": _("What should we know before we call? (optional)"),
            "help": _("Up to 2,000 characters. Please leave out the person’s name, diagnosis and date of birth."),
        },
    },
}
# What is asked of some alone.
ASKED_OF = {
    "parent_knows": {Variant.TEEN},
    "organisation": {Variant.PROFESSIONAL},
    "person_knows": {Variant.PROFESSIONAL},
}
# A work line is safe to call, and its owner needs nobody in their place.
NOT_ASKED_OF = {
    Variant.PROFESSIONAL: {"safe_contact", "best_times", "say_who", "other_name", "other_telephone", "consent"},
}


def variant_of(writing_as: str, age_band: str) -> Variant:
    """Of what was chosen; either may be empty, or no choice of ours."""
    if writing_as == WritingAs.PROFESSIONAL:
        return Variant.PROFESSIONAL
    if writing_as != WritingAs.SELF:
        return Variant.ABOUT_ANOTHER
    return Variant.TEEN if age_band == Enquiry.AgeBand.TEEN else Variant.ABOUT_ONESELF


class Fields(dict[str, forms.Field]):
    """Fields that all forms of a variant use. Django would copy each, its widget and its choices, for each form."""

    def __deepcopy__(self, memo: dict[int, object]) -> dict[str, forms.Field]:
        return dict(self)


def fields_of(variant: Variant, every: dict[str, forms.Field]) -> Fields:
    """Those of `every` field that `variant` asks, in its words; to be used and not changed."""
    chosen = Fields()
    for name, field in every.items():
        if variant in ASKED_OF.get(name, {variant}) and name not in NOT_ASKED_OF.get(variant, ()):
            change = CHANGES[variant].get(name)
            chosen[name] = _changed(field, change) if change else field
    return chosen


def _changed(field: forms.Field, change: dict[str, Any]) -> forms.Field:
    field = deepcopy(field)
    field.label = change.get("label", field.label)
    field.help_text = change.get("help", field.help_text)
    field.required = change.get("is_needed", field.required)
    if "error" in change:
        field.error_messages |= {"required": change["error"]}
    if "choices" in change:
        field.choices = change["choices"]  # type: ignore[attr-defined]
    return field
