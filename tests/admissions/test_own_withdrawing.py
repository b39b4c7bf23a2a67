"""Withdrawing by the private link, and two who use it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from admissions import call_times, own, sealing
from admissions.models import AlreadyWithdrawn, CallTime, Enquiry
from tests.admissions.owning import (
    NOW,
    SAFETY,
    WEDNESDAY_AT_10,
    WEDNESDAY_AT_11,
    Kind,
    at_the_office,
    mails,
    page_after,
    send,
)
from tests.admissions.sending import text_of
from tests.admissions.test_own_link import link_of
from tests.factories import make_enquiry, make_office_hours, make_staff

pytestmark = pytest.mark.django_db


# --- Withdrawing ----------------------------------------------------------------------------------------------------


@at_the_office
def test_withdrawing_erases_what_was_written_and_leaves_a_tombstone() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    address = link_of(enquiry)
    send(address, "add", message="One more thing")
    send(address, "safety", **SAFETY)
    enquiry.add_note(sealing.seal_payload({"note": "Called"}), by=make_staff())
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    text = page_after(send(address, "withdraw"))
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.sealed, enquiry.content_digest) == (Enquiry.Status.WITHDRAWN, None, "")
    assert set(enquiry.events.values_list("sealed", flat=True)) == {None}
    assert not CallTime.objects.exists()
    assert "You have withdrawn this message." in text
    assert "Withdrawn: Tuesday, November 24, 9 a.m." in text
    assert mails(enquiry, "notify_withdrawn") == 1


def test_withdrawing_twice_is_withdrawing_once() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    assert [send(address, "withdraw").status_code for _time in range(2)] == [303, 303]
    assert enquiry.events.filter(kind=Kind.WITHDRAWN).count() == mails(enquiry, "notify_withdrawn") == 1


def test_nobody_is_told_that_what_they_never_heard_of_was_withdrawn() -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(is_quarantined=True)
    assert send(link_of(enquiry), "withdraw").status_code == 303
    assert mails(enquiry, "notify_withdrawn") == 0


def test_after_withdrawing_the_link_leads_to_the_tombstone_and_takes_nothing() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    send(address, "withdraw")
    for step, data in (("add", {"message": "Still here"}), ("safety", SAFETY), ("call", {"call_time": ""})):
        assert Client().get(f"{address}{step}/")["Location"] == address
        assert send(address, step, **data).status_code == 409
    assert "Still here" in text_of(send(address, "add", message="Still here"))
    assert list(enquiry.events.values_list("kind", flat=True)) == [Kind.WITHDRAWN]


def test_staff_add_no_note_to_what_is_withdrawn() -> None:
    enquiry = make_enquiry()
    enquiry.withdraw()
    with pytest.raises(AlreadyWithdrawn):
        enquiry.add_note(b"sealed", by=None)


# --- At once --------------------------------------------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each gives, or raises, when all begin together."""
    start, outcomes = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait()
            outcomes.append(call())
        except Exception as error:
            outcomes.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_the_same_message_sent_four_times_at_once_is_added_once() -> None:
    enquiry = make_enquiry()
    outcomes = at_once(*[lambda: own.add_message(enquiry=enquiry, message="One", nonce="form")] * 4)
    assert outcomes == [False] * 4
    assert enquiry.events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whatever_is_written_while_it_is_withdrawn_is_erased_or_refused() -> None:
    enquiry = make_enquiry()
    outcomes = at_once(
        lambda: own.withdraw(enquiry=enquiry),
        lambda: own.withdraw(enquiry=enquiry),
        *[lambda: enquiry.add_note(b"sealed", by=None).kind] * 2,
        lambda: own.add_message(enquiry=enquiry, message="One", nonce="form"),
        lambda: own.change_safety(enquiry=enquiry, safety={"safe_contact": []}, nonce="form"),
    )
    assert set(outcomes) <= {None, Kind.NOTE, False, AlreadyWithdrawn}
    assert not enquiry.events.exclude(sealed=None).exists()
    assert enquiry.events.filter(kind=Kind.WITHDRAWN).count() == 1
    assert Enquiry.objects.get(pk=enquiry.pk).sealed is None


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_the_time_at_once_hold_one_time() -> None:
    with time_machine.travel(NOW, tick=False):
        make_office_hours()
        enquiry = make_enquiry()
        outcomes = at_once(
            lambda: own.change_call_time(enquiry=enquiry, starts_at=WEDNESDAY_AT_10),
            lambda: own.change_call_time(enquiry=enquiry, starts_at=WEDNESDAY_AT_11),
        )
    assert outcomes == [None, None]
    assert CallTime.objects.filter(enquiry=enquiry).count() == 1
