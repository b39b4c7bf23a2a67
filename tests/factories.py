"""Enquiries, levels of care and people for tests: plain functions with working defaults."""

from __future__ import annotations

import itertools
from datetime import time
from typing import Any

from django.contrib.auth.models import Permission, User

from admissions import receiving, tokens
from admissions.forms import EnquiryForm
from admissions.models import Enquiry
from content.models import LevelOfCare, OfficeHours, SiteSettings

_numbers = itertools.count(1)


def make_level_of_care(**fields: Any) -> LevelOfCare:
    number = next(_numbers)
    defaults = {
        "name": f"Intensive outpatient program {number}",
        "short_name": "IOP",
        "ages": LevelOfCare.Ages.ALL,
        "hours_per_day_from": 3,
        "hours_per_day_to": 4,
        "days_per_week_from": 3,
        "days_per_week_to": 5,
        "typical_weeks_from": 8,
        "typical_weeks_to": 10,
        "setting": "In our rooms",
        "suits": "People who need more than one hour a week.",
        "order": number,
    }
    return LevelOfCare.objects.create(**(defaults | fields))


def make_office_hours() -> list[OfficeHours]:
    """Monday to Friday, 9 to 5."""
    site = SiteSettings.load()
    site.save()
    return [
        OfficeHours.objects.create(site=site, weekday=weekday, opens_at=time(9), closes_at=time(17))
        for weekday in range(5)
    ]


def make_staff(*permissions: str) -> User:
    """A member of staff with `permissions` such as 'view_enquiry' and no others."""
    user = User.objects.create_user(f"staff-{next(_numbers)}", password="a long enough password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="admissions"))
    assert user.user_permissions.count() == len(permissions)
    return user


def enquiry_data(**changes: Any) -> dict[str, Any]:
    """What the form posts when it is filled in well and at leisure, with a token of its own."""
    return {
        "token": tokens.issue(is_for_what_was_written=True),
        "writing_as": "parent",
        "name": "Alex Rivera",
        "telephone": "(617) 555-0123",
        "email": "alex@example.org",
        "preferred_contact": "call",
        "safe_contact": ["call", "voicemail"],
        "best_times": ["afternoon"],
        "age_band": "teen",
        "state": "MA",
        "level_of_care": "",
        "insurer": "Blue Example",
        "message": "We do not know what comes next.",
    } | changes


def cleaned_enquiry(**changes: Any) -> dict[str, Any]:
    form = EnquiryForm(enquiry_data(**changes))
    assert form.is_valid(), form.errors
    return form.cleaned_data


def make_enquiry(*, status: str = Enquiry.Status.NEW, nonce: str = "", **changes: Any) -> Enquiry:
    """An enquiry as a visitor's form makes it; `changes` are to what they typed. The same `nonce` is the same form."""
    nonce = nonce or f"nonce-{next(_numbers)}"
    enquiry = receiving.submit_enquiry(cleaned=cleaned_enquiry(**changes), token_nonce=nonce, language="en")
    if status != enquiry.status:
        Enquiry.objects.filter(pk=enquiry.pk).update(status=status)
        enquiry.refresh_from_db()
    return enquiry
