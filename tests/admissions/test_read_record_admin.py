from __future__ import annotations

import pytest
from django.test import Client

from admissions.models import ReadRecord
from admissions.references import spoken
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/admissions/readrecord/"


@pytest.fixture
def record() -> ReadRecord:
    return ReadRecord.objects.create(
        actor=make_staff(), action=ReadRecord.Action.LIST, references=["23456789", "CDFHJKMN"]
    )


def test_who_has_read_what_can_be_read(record: ReadRecord) -> None:
    client = Client()
    client.force_login(make_staff("view_readrecord"))
    for url in (LIST, f"{LIST}{record.pk}/change/"):
        page = client.get(url).content.decode()
        for text in (record.actor.username, "Saw the name in a list", f"{spoken('23456789')}, {spoken('CDFHJKMN')}"):
            assert text in page


def test_why_is_said_where_it_was_asked_and_the_site_itself_is_named(record: ReadRecord) -> None:
    ReadRecord.objects.create(
        actor=record.actor, action="reveal_email", references=["23456789"], reason="By their letter."
    )
    ReadRecord.objects.create(actor=None, action="self_test", references=["23456789"])
    client = Client()
    client.force_login(make_staff("view_readrecord"))
    page = client.get(LIST).content.decode()
    assert "By their letter." in page
    assert "Saw their e-mail address" in page
    assert "the site itself" in page


def test_it_is_searched_by_reference_and_finds_what_concerned_all(record: ReadRecord) -> None:
    ReadRecord.objects.create(actor=None, action="drill", references=["MNPRTVWX"])
    ReadRecord.objects.create(actor=None, action="rotate", references=[])
    client = Client()
    client.force_login(make_staff("view_readrecord"))
    found = client.get(LIST, {"q": "cdfh-jkmn"}).context["cl"].queryset
    assert {one.action for one in found} == {"list", "rotate"}
    assert '<td class="field-shown_references">all</td>' in client.get(LIST).text


def test_it_needs_a_permission_of_its_own(record: ReadRecord) -> None:
    client = Client()
    client.force_login(make_staff("view_enquiry", "change_enquiry"))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{record.pk}/change/").status_code == 403


def test_not_even_a_superuser_can_add_change_or_delete_one(record: ReadRecord, staff_client: Client) -> None:
    change, delete = f"{LIST}{record.pk}/change/", f"{LIST}{record.pk}/delete/"
    assert staff_client.post(LIST + "add/", {"action": "open"}).status_code == 403
    assert staff_client.post(change, {"action": "open"}).status_code == 403
    assert staff_client.post(delete, {"post": "yes"}).status_code == 403
    staff_client.post(LIST, {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"})
    record.refresh_from_db()
    assert record.action == ReadRecord.Action.LIST


def test_who_has_read_something_cannot_be_deleted(record: ReadRecord, staff_client: Client) -> None:
    staff_client.post(f"/admin/auth/user/{record.actor_id}/delete/", {"post": "yes"})
    assert ReadRecord.objects.get().actor == record.actor
