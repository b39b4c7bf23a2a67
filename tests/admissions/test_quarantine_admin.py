from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django_tasks_db.models import DBTaskResult

from admissions.models import Enquiry, EnquiryEvent, ReadRecord
from admissions.references import spoken
from tests.admissions.desk import LIST, client_of, payload, store, text_of, url_of
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    """May read enquiries and act on them."""
    return client_of(make_staff("view_enquiry", "change_enquiry"))


@pytest.fixture
def held() -> Enquiry:
    return store(payload(name="Suspect"), is_quarantined=True)


def shown(client: Client, query: str = "") -> str:
    return text_of(client.get(f"{LIST}?{query}"))


# --- The list -------------------------------------------------------------------------------------------------------


def test_what_is_in_quarantine_is_counted_above_a_list_without_it(desk: Client, held: Enquiry) -> None:
    other = store(payload())
    page = shown(desk)
    assert "1 enquiry is in quarantine." in page
    assert 'href="?quarantine=only"' in page
    assert spoken(other.reference) in page
    assert spoken(held.reference) not in page
    assert held.reference not in ReadRecord.objects.get().references


def test_an_empty_quarantine_is_not_spoken_of(desk: Client) -> None:
    store(payload())
    assert "in quarantine." not in shown(desk)


@pytest.mark.parametrize(("query", "has_other"), [("quarantine=only", False), ("quarantine=both", True)])
def test_it_can_be_looked_at_alone_or_with_the_rest(desk: Client, held: Enquiry, query: str, has_other: bool) -> None:
    other = store(payload())
    page = shown(desk, query)
    assert spoken(held.reference) in page
    assert '<span class="enquiry-held">In quarantine</span>' in page
    assert (spoken(other.reference) in page) is has_other


def test_who_calls_with_a_reference_is_found_there_too(desk: Client, held: Enquiry) -> None:
    assert spoken(held.reference) in shown(desk, f"q={held.reference}")


def test_the_sites_own_test_is_in_no_list_and_not_counted(desk: Client) -> None:
    test = store(payload(), is_synthetic=True, is_quarantined=True)
    for query in ("", "quarantine=both", "quarantine=only", f"q={test.reference}"):
        page = shown(desk, query)
        assert spoken(test.reference) not in page
        assert "in quarantine." not in page


def test_what_is_urgent_says_so_in_a_word_and_can_be_filtered(desk: Client) -> None:
    urgent, other = store(payload(), is_urgent=True), store(payload())
    page = shown(desk, "is_urgent__exact=1")
    assert '<span class="enquiry-urgent">Urgent</span>' in page
    assert spoken(urgent.reference) in page
    assert spoken(other.reference) not in page
    assert "Urgent</span>" in text_of(desk.get(url_of(urgent)))
    assert "Urgent</span>" not in text_of(desk.get(url_of(other)))


# --- Release --------------------------------------------------------------------------------------------------------


def test_one_click_releases_it_and_only_then_staff_are_told(desk: Client, held: Enquiry) -> None:
    assert "Release: a real person wrote this" in text_of(desk.get(url_of(held)))
    page = text_of(desk.post(url_of(held, "release"), follow=True))
    assert "Released from quarantine." in page
    assert "Release: a real person wrote this" not in page
    assert spoken(held.reference) in shown(desk)
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.actor.is_staff) == ("released", True)
    task = DBTaskResult.objects.get()
    assert task.task_path == "admissions.tasks.notify_staff"
    assert task.args_kwargs["args"] == [held.pk]
    assert LogEntry.objects.get().change_message.startswith("Released")


def test_a_second_click_changes_nothing(desk: Client, held: Enquiry) -> None:
    desk.post(url_of(held, "release"))
    page = text_of(desk.post(url_of(held, "release"), follow=True))
    assert "It is not in quarantine any more." in page
    assert DBTaskResult.objects.count() == EnquiryEvent.objects.count() == 1


@pytest.mark.parametrize("permissions", [[], ["view_enquiry"], ["view_readrecord"]])
def test_who_may_not_act_cannot_release(held: Enquiry, permissions: list[str]) -> None:
    assert client_of(make_staff(*permissions)).post(url_of(held, "release")).status_code == 403
    held.refresh_from_db()
    assert held.is_quarantined
    assert not DBTaskResult.objects.exists()


def test_who_may_only_read_is_not_offered_it(held: Enquiry) -> None:
    page = text_of(client_of(make_staff("view_enquiry")).get(url_of(held)))
    assert "In quarantine" in page
    assert "Release" not in page
