"""Whoever has the private link: what they send by it, and what there is afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django_tasks_db.models import DBTaskResult

from admissions import call_times, sealing, tokens
from admissions.models import Enquiry, EnquiryEvent
from tests.admissions.sending import text_of
from tests.admissions.test_own_link import link_of
from tests.factories import make_enquiry, make_office_hours

Kind = EnquiryEvent.Kind
# A Tuesday, 9 in the morning at the office
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
WEDNESDAY_AT_10 = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
WEDNESDAY_AT_11 = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
SAFETY = {"safe_contact": ["text"], "best_times": ["evening"], "say_who": "first_name"}


def send(address: str, step: str, *, token: str | None = None, **data: Any) -> HttpResponse:
    client, token = Client(enforce_csrf_checks=True), tokens.issue() if token is None else token
    return client.post(f"{address}{step}/", data | {"token": token})


def opened(event: EnquiryEvent) -> dict[str, Any]:
    return sealing.open_payload(event.sealed, django_settings.ENQUIRY_STAFF_KEY)


def mails(enquiry: Enquiry, kind: str = "notify_staff_again") -> int:
    paths = DBTaskResult.objects.values_list("task_path", flat=True)
    return list(paths).count(f"admissions.tasks.{kind}")


def page_at(address: str) -> str:
    return " ".join(text_of(Client().get(address)).split())


def page_after(response: HttpResponse) -> str:
    assert response.status_code == 303
    return " ".join(text_of(Client().get(response["Location"])).split())


def with_a_call(at: datetime = WEDNESDAY_AT_10) -> tuple[Enquiry, str]:
    """The message, and its private link."""
    make_office_hours()
    enquiry = make_enquiry()
    assert call_times.claim(enquiry, at)
    return enquiry, link_of(enquiry)


def at_the_office(test: Callable[..., None]) -> Callable[..., None]:
    return time_machine.travel(NOW, tick=False)(test)
