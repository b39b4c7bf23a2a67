from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from admissions import call_times, own, receipts
from admissions.models import Enquiry
from admissions.receipts import Receipt
from admissions.references import reference_for
from tests.admissions.sending import send, text_of
from tests.content.factories import make_site_settings
from tests.factories import enquiry_data, make_enquiry, make_office_hours

pytestmark = pytest.mark.django_db

# A Tuesday, 10:00 in New York
TEN = datetime(2026, 11, 24, 15, tzinfo=UTC)


def page(reference: str) -> str:
    response = Client().get(f"/admissions/received/{reference}/")
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def test_it_says_the_reference_in_two_groups_to_be_read_aloud() -> None:
    reference = make_enquiry().reference
    assert f"<strong>{reference[:4]} {reference[4:]}</strong>" in page(reference)


def test_it_says_by_when_someone_answers_in_the_offices_own_time() -> None:
    make_site_settings()
    make_office_hours()
    with time_machine.travel(TEN, tick=False):
        text = page(make_enquiry().reference)
    assert 'by <strong>Tuesday, November 24, <span class="whole">2 p.m.</span></strong> (Eastern Time)' in text
    assert "within 4 hours of our office being open" in text


def test_it_owns_up_when_that_time_has_passed() -> None:
    make_site_settings()
    make_office_hours()
    with time_machine.travel(TEN, tick=False):
        reference = make_enquiry().reference
    with time_machine.travel(TEN + timedelta(days=1), tick=False):
        text = page(reference)
    assert "We meant to answer by <strong>Tuesday, November 24" in text
    assert "please call us" in text


def test_without_office_hours_no_time_is_promised() -> None:
    assert "We cannot promise a time here" in page(make_enquiry().reference)


def test_it_has_the_crisis_line_again_and_the_telephone_number() -> None:
    make_site_settings()
    text = page(make_enquiry().reference)
    assert text.count('href="tel:988"') == text.count('href="sms:988"') == 2
    assert 'Call us at <a href="tel:+16175550142">(617) 555-0142</a> and say your reference.' in text


def test_it_says_nothing_of_what_was_written() -> None:
    text = page(make_enquiry().reference)
    for personal in ("Alex", "5550123", "alex@example.org", "Blue Example", "comes next", "teen", "Massachusetts"):
        assert personal not in text


def test_a_reference_may_be_written_as_people_write_it() -> None:
    reference = make_enquiry().reference
    assert reference[:4] in page(f"{reference[:4].lower()}-{reference[4:].lower()}")


@pytest.mark.parametrize("reference", ["AAAAAAAA", "2", "23456789CD", "%00", "ünïcode8", "'; --"])
def test_what_is_no_reference_is_not_found(reference: str) -> None:
    assert Client().get(f"/admissions/received/{reference}/").status_code == 404


def test_a_wrong_check_character_is_not_found() -> None:
    reference = make_enquiry().reference
    wrong = reference[:-1] + ("2" if reference[-1] != "2" else "3")
    assert Client().get(f"/admissions/received/{wrong}/").status_code == 404


def test_a_reference_that_nobody_has_is_not_found() -> None:
    assert Client().get(f"/admissions/received/{reference_for('nobody')}/").status_code == 404


def test_it_can_only_be_read() -> None:
    url = f"/admissions/received/{make_enquiry().reference}/"
    assert Client().head(url).status_code == 200
    assert Client().post(url).status_code == 405


def test_no_cache_keeps_it_and_no_search_engine_lists_it() -> None:
    response = Client().get(f"/admissions/received/{make_enquiry().reference}/")
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_while_the_database_is_away_it_says_so_with_the_crisis_line() -> None:
    def away(*args: object) -> None:
        raise OperationalError("away")

    reference = make_enquiry().reference
    with connection.execute_wrapper(away):
        response = Client().get(f"/admissions/received/{reference}/")
    assert response.status_code == 503
    assert "tel:988" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "changes",
    [
        {"other_name": "Robin", "other_telephone": "(617) 555-0199", "preferred_contact": ""},
        {"writing_as": "professional", "organisation": "Example Hospital", "person_knows": "on"},
    ],
)
def test_it_promises_nothing_that_is_not_so_for_whoever_wrote(changes: dict[str, str]) -> None:
    make_site_settings()
    make_office_hours()
    with time_machine.travel(TEN, tick=False):
        response = send(enquiry_data(**changes, call_time="2026-11-25T20:00Z"))
        text = " ".join(text_of(Client().get(response["Location"])).split())
    assert "We call on <strong>Wednesday, November 25" in text
    assert "We use only ways that are safe for you." in text
    for untrue in ("call you on", "you told us are safe"):
        assert untrue not in text


def test_it_offers_to_write_another_message() -> None:
    page = Client().get(f"/admissions/received/{make_enquiry().reference}/").content.decode()
    assert '<a href="/admissions/">Write another message</a>' in page


# --- What has changed since it was sent -----------------------------------------------------------------------------

WEDNESDAY_AT_10, WEDNESDAY_AT_11 = TEN + timedelta(days=1), TEN + timedelta(days=1, hours=1)


def address_of(enquiry: Enquiry, **changes: Any) -> str:
    """Of the confirmation as it was when `enquiry` was sent."""
    values = {"reference": enquiry.reference, "respond_by_at": enquiry.respond_by_at, "made_at": enquiry.received_at}
    receipt = Receipt(**(values | changes))
    return f"/admissions/received/{receipt.reference}/?receipt={receipts.sign(receipt)}"


def text_at(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


def away(*args: object) -> None:
    raise OperationalError("away")


@time_machine.travel(TEN, tick=False)
def test_after_withdrawing_it_promises_nothing_and_offers_no_link() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    address = address_of(enquiry, call_at=WEDNESDAY_AT_10)
    assert "We call on <strong>Wednesday, November 25" in text_at(address)
    own.withdraw(enquiry=enquiry)
    text = text_at(address)
    assert "<h1>Your message has been withdrawn</h1>" in text
    assert 'href="tel:988"' in text
    for promise in ("We call on", "calls or writes", "What happens next", "Make a private link"):
        assert promise not in text
    # Who knows the reference alone learns nothing of it.
    assert "withdrawn" not in page(enquiry.reference)
    assert "withdrawn" not in text_at(f"/admissions/received/{enquiry.reference}/?receipt=1.2.-:x")


@time_machine.travel(TEN, tick=False)
def test_a_time_that_was_changed_later_is_the_one_that_it_says() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    address = address_of(enquiry, call_at=WEDNESDAY_AT_10)
    own.change_call_time(enquiry=enquiry, starts_at=WEDNESDAY_AT_11)
    assert '<span class="whole">11 a.m.</span>' in text_at(address)
    assert "DTSTART:20261125T160000Z" in Client().get(address.replace("/?", "/call.ics?")).text
    own.change_call_time(enquiry=enquiry, starts_at=None)
    assert "We call on" not in text_at(address)
    assert "taken a moment before" not in text_at(address)
    assert Client().get(address.replace("/?", "/call.ics?")).status_code == 404


@time_machine.travel(TEN, tick=False)
def test_a_time_that_was_asked_for_while_the_database_was_away_is_confirmed_once_it_is_stored() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    address = address_of(enquiry, respond_by_at=None, call_at=WEDNESDAY_AT_10, is_call_time_asked=True)
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    text = text_at(address)
    assert "We call on <strong>Wednesday, November 25" in text
    assert "You asked for a call" not in text
    assert "DTSTART:20261125T150000Z" in Client().get(address.replace("/?", "/call.ics?")).text


@time_machine.travel(TEN, tick=False)
def test_who_lost_the_time_while_the_message_waited_is_offered_others() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    call_times.claim(make_enquiry(), WEDNESDAY_AT_10)
    address = address_of(enquiry, call_at=WEDNESDAY_AT_10, is_call_time_asked=True)
    text = text_at(address)
    assert "was taken a moment before yours" in text
    assert f'value="{call_times.value_of(WEDNESDAY_AT_11)}"' in text
    # Who has changed it since has no need of others.
    own.change_call_time(enquiry=enquiry, starts_at=WEDNESDAY_AT_11)
    own.change_call_time(enquiry=enquiry, starts_at=None)
    assert "was taken a moment before yours" not in text_at(address)


@time_machine.travel(TEN, tick=False)
def test_while_it_waits_or_the_database_is_away_it_is_as_it_was_when_it_was_sent() -> None:
    make_site_settings()
    waiting = Receipt(reference_for("waiting"), None, TEN, call_at=WEDNESDAY_AT_10, is_call_time_asked=True)
    asked = f"/admissions/received/{waiting.reference}/?receipt={receipts.sign(waiting)}"
    assert "You asked for a call on <strong>Wednesday, November 25" in text_at(asked)
    enquiry = make_enquiry()
    address = address_of(enquiry, call_at=WEDNESDAY_AT_10)
    own.withdraw(enquiry=enquiry)
    with connection.execute_wrapper(away):
        for held in (asked, address):
            assert "on <strong>Wednesday, November 25" in text_at(held)
        # Here nothing has ever been read that says how long a call takes.
        assert Client().get(address.replace("/?", "/call.ics?")).status_code == 503


def test_it_does_not_take_an_older_message_of_the_same_reference_for_its_own() -> None:
    enquiry = make_enquiry()
    own.withdraw(enquiry=enquiry)
    address = address_of(enquiry, made_at=enquiry.received_at + timedelta(days=2))
    assert "withdrawn" not in text_at(address)


def test_what_is_so_now_is_one_query_by_the_reference(django_assert_num_queries: Any) -> None:
    enquiry = make_enquiry()
    receipt = Receipt(enquiry.reference, None, enquiry.received_at)
    with django_assert_num_queries(1) as queries:
        own.as_it_is_now(receipt)
    [query] = queries.captured_queries
    assert f""""reference" = '{enquiry.reference}'""" in query["sql"]
    assert Enquiry._meta.get_field("reference").unique
