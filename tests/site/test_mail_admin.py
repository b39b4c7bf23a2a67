"""The list of e-mail that no server has taken, and how staff give up on what never will be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from iop_site.models import OwedMail
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/iop_site/owedmail/"
NOW = datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.fixture
def owed() -> OwedMail:
    return OwedMail.objects.create(
        digest="0" * 64,
        recipient="gone@example.org",
        subject="New enquiry 2345 6789",
        body="A new enquiry has come in.",
        owed_since=NOW,
        next_attempt_at=NOW,
        attempts=41,
        problem="SMTPRecipientsRefused 550",
    )


def client_with(*permissions: str) -> Client:
    staff, client = make_staff(), Client()
    staff.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="iop_site"))
    client.force_login(staff)
    return client


def test_what_is_owed_can_be_read(owed: OwedMail) -> None:
    client = client_with("view_owedmail")
    page = client.get(LIST).text
    assert "Give up" not in page
    for words in ("New enquiry 2345 6789", "gone@example.org", "41", "SMTPRecipientsRefused 550"):
        assert words in page
    assert "A new enquiry has come in." in client.get(f"{LIST}{owed.pk}/change/").text


def test_who_may_can_give_up_on_one(owed: OwedMail) -> None:
    client = client_with("view_owedmail", "delete_owedmail")
    chosen = {"action": "delete_selected", "_selected_action": [owed.pk]}
    assert "Give up on the selected: never send them" in client.get(LIST).text
    assert "Are you sure" in client.post(LIST, chosen).text
    client.post(LIST, chosen | {"post": "yes"})
    assert not OwedMail.objects.exists()


def test_nobody_else_can_and_nobody_adds_or_changes_one(owed: OwedMail, staff_client: Client) -> None:
    assert client_with().get(LIST).status_code == 403
    reader = client_with("view_owedmail")
    reader.post(LIST, {"action": "delete_selected", "_selected_action": [owed.pk], "post": "yes"})
    assert reader.post(f"{LIST}{owed.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff_client.post(f"{LIST}add/", {"subject": "Hello"}).status_code == 403
    assert staff_client.post(f"{LIST}{owed.pk}/change/", {"subject": "Hello"}).status_code == 403
    assert OwedMail.objects.get().subject == "New enquiry 2345 6789"
