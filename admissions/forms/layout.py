"""The parts of the enquiry form, in order. The page has the form tag, the token and the button."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from admissions.forms.variants import Variant


def helper_for(variant: Variant) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    professional = variant is Variant.PROFESSIONAL
    helper.layout = Layout(
        Fieldset(
            _("Before anything else"),
            Field("in_danger", wrapper_class="three-choices"),
            _part("danger"),
            css_id="part-first",
        ),
        Fieldset(_("You"), "writing_as", "age_band", _part("who"), css_id="part-who"),
        _you_at_work() if professional else _you(variant),
        *([] if professional else [safety()]),
        Fieldset(*_person(variant), "state", "level_of_care", "insurer", css_id="part-person"),
        Fieldset(_("In your own words"), _part("not_watched"), "message", css_id="part-words"),
        *([] if professional else [Fieldset(_("What you agree to"), "consent", css_id="part-consent")]),
    )
    return helper


def _you(variant: Variant) -> Fieldset:
    teen = [_part("teen"), "parent_knows"] if variant is Variant.TEEN else []
    return Fieldset(
        _("How we can reach you"),
        *teen,
        "name",
        _intro(_("Give us a telephone number, an e-mail address, or both.")),
        "telephone",
        "email",
        Field("preferred_contact", wrapper_class="three-choices"),
        "call_time",
        css_id="part-reach",
    )


def _you_at_work() -> Fieldset:
    return Fieldset(
        _("How we can reach you"),
        "organisation",
        "name",
        "telephone",
        "email",
        Field("preferred_contact", wrapper_class="three-choices"),
        "call_time",
        css_id="part-reach",
    )


def safety() -> Fieldset:
    return Fieldset(
        _("What is safe"),
        "safe_contact",
        Field("best_times", wrapper_class="wide-choices"),
        "say_who",
        _part("other_contact_begins"),
        "other_name",
        "other_telephone",
        _part("other_contact_ends"),
        css_id="part-safety",
    )


def _person(variant: Variant) -> list[Any]:
    """The heading, and what follows it before the questions."""
    if variant in {Variant.ABOUT_ONESELF, Variant.TEEN}:
        return [_("What you are looking for")]
    if variant is Variant.PROFESSIONAL:
        return [_("The person you refer"), "person_knows"]
    return [_("The person seeking care"), _intro(_("That may be you, or the person you are writing about."))]


def _part(name: str) -> HTML:
    return HTML(f'{{% include "admissions/form/_{name}.html" %}}')


def _intro(text: Any) -> HTML:
    return HTML(format_lazy('<p class="part-intro">{}</p>', text))
