"""What answers must hold together. Each rule adds its error to the form, at the question where it can be mended."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions import call_times
from admissions.choices import PreferredContact, SafeContact
from admissions.models import Enquiry
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
    """The desk keeps to the ways and hours that are safe, and would not make a call that was asked for otherwise."""
    call_at, safe = form.cleaned_data.get("call_time"), form.cleaned_data.get("best_times")
    if call_at and not form.cleaned_data.get("other_telephone"):
        _check_may_be_called(form)
    if call_at and not call_times.is_within(call_at, safe or []):
        form.add_error(
            "call_time", _("This is not among the hours that you ticked as safe. Please choose another, or tick more.")
        )


def _check_may_be_called(form: forms.Form) -> None:
    if {"telephone", "other_telephone", "safe_contact"} & form.errors.keys():
        return
    if not form.cleaned_data["telephone"]:
        text = _("Please write the number to call at that time, or choose “As soon as possible” instead of a time.")
        form.add_error("telephone", text)
    elif SafeContact.CALL not in form.cleaned_data["safe_contact"]:
        text = _("Please tick “%(way)s” if that is safe. If it is not, choose “As soon as possible” instead of a time.")
        way = SafeContact.CALL.label
        form.add_error("safe_contact", forms.ValidationError(text, code="unsafe", params={"way": way}))


def check_reachable(form: forms.Form) -> None:
    """There is a way to answer, and the one that is wished for first is given and safe. Whoever names somebody else to
    be reached instead need not say how to be reached first."""
    if form.cleaned_data.get("other_telephone") and form.has_error("preferred_contact", "required"):
        del form.errors["preferred_contact"]
        form.cleaned_data["preferred_contact"] = ""
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
