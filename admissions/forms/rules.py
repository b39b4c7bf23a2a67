"""What answers must hold together. Each rule adds its error to the form, at the question where it can be mended."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions.choices import SAFE_HOURS, BestTime, PreferredContact, SafeContact
from admissions.models import Enquiry
from content import published
from content.models import LevelOfCare


def check_level_suits_age(form: forms.Form) -> None:
    level, age_band = form.cleaned_data.get("level_of_care"), form.cleaned_data.get("age_band")
    if level and level.ages == LevelOfCare.Ages.TEENS and age_band == Enquiry.AgeBand.ADULT:
        form.add_error("level_of_care", _("This level of care is for teens. Please choose another, or “Not sure yet”."))
    if level and level.ages == LevelOfCare.Ages.ADULTS and age_band == Enquiry.AgeBand.TEEN:
        form.add_error(
            "level_of_care", _("This level of care is for adults. Please choose another, or “Not sure yet”.")
        )


def check_call_time_is_safe(form: forms.Form) -> None:
    """The desk keeps to the hours that are safe, and would not make a call that was asked for at another."""
    call_at, safe = form.cleaned_data.get("call_time"), form.cleaned_data.get("best_times")
    if not call_at or not safe or BestTime.ANY in safe:
        return
    if not call_times.is_within(call_at, safe):
        form.add_error(
            "call_time", _("This is not among the hours that you ticked as safe. Please choose another, or tick more.")
        )


def check_reachable(form: forms.Form) -> None:
    """There is a way to answer, and the one that is wished for first is given and safe."""
    if {"telephone", "email", "other_telephone"} & form.errors.keys():
        return
    if form.cleaned_data["other_telephone"]:
        check_other_contact(form)
        return
    telephone, email = form.cleaned_data["telephone"], form.cleaned_data["email"]
    preferred = form.cleaned_data.get("preferred_contact")
    if not telephone and not email:
        form.add_error("telephone", _("Please write a telephone number or an e-mail address, so that we can answer."))
    elif preferred == PreferredContact.EMAIL and not email:
        form.add_error("email", _("Please write your e-mail address, or choose another way to reach you first."))
    elif preferred in {PreferredContact.CALL, PreferredContact.TEXT} and not telephone:
        form.add_error(
            "telephone", _("Please write your telephone number, or choose e-mail as the way to reach you first.")
        )
    elif preferred and "safe_contact" not in form.errors:
        _check_preferred_is_safe(form, preferred)


def _check_preferred_is_safe(form: forms.Form, preferred: str) -> None:
    if preferred not in form.cleaned_data["safe_contact"]:
        text = _("Please tick “%(way)s” if that is safe. If it is not, choose another way to reach you first.")
        way = SafeContact(preferred).label
        form.add_error("safe_contact", forms.ValidationError(text, code="unsafe", params={"way": way}))


def check_other_contact(form: forms.Form) -> None:
    """Of somebody who is to be reached instead, we need the name as well."""
    needs_name = form.cleaned_data.get("other_telephone") and not form.cleaned_data.get("other_name")
    if needs_name and "other_name" not in form.errors:
        form.add_error("other_name", _("Please write whom we should ask for at that number."))
