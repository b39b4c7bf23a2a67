"""What the form asks, what is stored in clear, and what the site does not do: read from the code, so that it is so.

Nothing here is a list that somebody keeps by hand. tests/admissions/test_privacy.py holds it against the form, the
table and the policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.choices import flatten_choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admissions import tokens
from admissions.choices import WritingAs
from admissions.forms import EnquiryForm
from admissions.forms.variants import Variant
from admissions.models import Enquiry
from iop_site import csp

# Longer lists, such as that of the states, are not told one by one.
MOST_CHOICES = 8
# In words for readers; a column that is new here is told by its own name until it has some.
NAMES_FOR_READERS: dict[str, str | Promise] = {
    "reference": _("the reference number"),
    "idempotency_key": _("a fingerprint of the form’s one-time code, so that sending twice is as sending once"),
    "received_at": _("when it arrived"),
    "respond_by_at": _("by when somebody should answer"),
    "status": _("where things stand, such as “In contact”"),
    "level_of_care": _("the level of care that you chose"),
    "age_band": _("the age group"),
    "language": _("the language of the form"),
    "is_urgent": _("whether somebody may be in danger, so that we read it first"),
    "is_quarantined": _("whether a program seems to have written it"),
    "is_synthetic": _("whether the site wrote it itself, to see that all is well"),
    "link_digest": _("a fingerprint of your private link, if you asked for one"),
    "erased_at": _("when what you wrote was erased, if you withdrew it"),
    "content_digest": _("a fingerprint that tells whether you sent the same words twice, and nothing else"),
}
# Each question is told in the words of the first of these that has it.
ASKED_IN_TURN: dict[Variant, str | Promise] = {
    Variant.ABOUT_ANOTHER: "",
    Variant.TEEN: _("We ask this of a teen who writes for themself."),
    Variant.PROFESSIONAL: _("We ask this of a professional."),
}
WRITERS = {
    Variant.ABOUT_ANOTHER: {},
    Variant.TEEN: {"writing_as": WritingAs.SELF, "age_band": Enquiry.AgeBand.TEEN},
    Variant.PROFESSIONAL: {"writing_as": WritingAs.PROFESSIONAL},
}
# How labels end of what can be left empty.
OPTIONAL = _("(optional)")
# `sealed` is what the others are not.
NOT_TOLD = {"id", "sealed"}


@dataclass(frozen=True)
class Question:
    """One field of the form. `asked_of`: whom alone, '' for everybody. `condition`: what the form answers when
    everything is left empty, for a field that is needed only then. `choices`: empty where people write, or where the
    list is long."""

    label: str
    asked_of: str
    is_needed: bool
    condition: str
    choices: tuple[str, ...]

    @property
    def says_optional(self) -> bool:
        """The label itself; then nobody need say so again."""
        return str(OPTIONAL) in self.label


def questions() -> list[Question]:
    """Every field that people see, in the form's order and in the active language."""
    forms_of = {variant: _form_of(variant, {}) for variant in ASKED_IN_TURN}
    missing = {variant: _form_of(variant, {"token": ""}).errors for variant in ASKED_IN_TURN}
    told = []
    for name in EnquiryForm.base_fields:
        variant = next(variant for variant in ASKED_IN_TURN if name in forms_of[variant].fields)
        field = forms_of[variant].fields[name]
        told.append(
            Question(
                label=str(field.label),
                asked_of=str(ASKED_IN_TURN[variant]),
                is_needed=field.required,
                condition="" if field.required else " ".join(missing[variant].get(name, [])),
                choices=tuple(_choices(field)),
            )
        )
    return told


def _form_of(variant: Variant, data: dict[str, str]) -> EnquiryForm:
    return EnquiryForm(data | WRITERS[variant])


def _choices(field: forms.Field) -> Iterator[str]:
    every = flatten_choices(getattr(field, "choices", []))
    choices = [str(label) for value, label in every if value or not field.required]
    if len(choices) <= MOST_CHOICES:
        yield from choices


def stored_in_clear() -> list[str]:
    """What stands beside the sealed message, so that staff can keep their list in order."""
    return [
        str(NAMES_FOR_READERS.get(field.name, field.verbose_name))
        for field in Enquiry._meta.concrete_fields
        if field.name not in NOT_TOLD
    ]


def form_holds() -> timedelta:
    """How long the code in an open form is good for."""
    return tokens.MAX_AGE


def asks_no_other_site() -> bool:
    """Whether the policy that every public page is sent with lets a browser ask this site alone."""
    return {source for sources in csp.PUBLIC.values() for source in sources.split()} <= {csp.SELF, csp.NONE}


def sets_cookies_for_staff_alone() -> bool:
    """Whether what sets a cookie at all sets it for the admin's addresses only."""
    return {settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH} == {"/admin/"}
