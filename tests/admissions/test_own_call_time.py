"""When we call, changed by the private link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from admissions import call_times, receipts
from admissions.models import CallTime, Enquiry
from tests.admissions.owning import (
    WEDNESDAY_AT_10,
    WEDNESDAY_AT_11,
    at_the_office,
    mails,
    page_after,
    page_at,
    send,
    with_a_call,
)
from tests.admissions.sending import text_of
from tests.admissions.test_own_link import away, link_of, receipt_of
from tests.factories import make_enquiry, make_office_hours

pytestmark = pytest.mark.django_db


# --- The time of the call -------------------------------------------------------------------------------------------


@at_the_office
def test_a_time_is_chosen_changed_and_given_up() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    address = link_of(enquiry)
    text = page_after(send(address, "call", call_time=call_times.value_of(WEDNESDAY_AT_10)))
    assert 'We call on <strong>Wednesday, November 25, <span class="whole">10 a.m.</span></strong>' in text
    assert "DTSTART:20261125T150000Z" in Client().get(f"{address}call.ics").text
    send(address, "call", call_time=call_times.value_of(WEDNESDAY_AT_11))
    assert call_times.of(enquiry) == WEDNESDAY_AT_11
    send(address, "call", call_time="")
    assert call_times.of(enquiry) is None
    assert Client().get(f"{address}call.ics").status_code == 404
    assert mails(enquiry) == 3


@at_the_office
def test_who_loses_the_race_keeps_what_was_agreed_and_is_offered_other_times() -> None:
    make_office_hours()
    enquiry = make_enquiry()
    call_times.claim(enquiry, WEDNESDAY_AT_11)
    call_times.claim(make_enquiry(), WEDNESDAY_AT_10)
    response = send(link_of(enquiry), "call", call_time=call_times.value_of(WEDNESDAY_AT_10))
    assert response.status_code == 409
    assert "taken a moment before" in text_of(response)
    assert call_times.value_of(WEDNESDAY_AT_10) not in text_of(response)
    assert call_times.value_of(WEDNESDAY_AT_11 + timedelta(hours=1)) in text_of(response)
    assert call_times.of(enquiry) == WEDNESDAY_AT_11
    assert not enquiry.events.exists()


@at_the_office
def test_the_time_that_is_agreed_on_is_named_and_pressing_the_button_keeps_it() -> None:
    enquiry, address = with_a_call()
    text = page_at(f"{address}call/")
    assert "Now: <strong>Wednesday, November 25" in text
    value = call_times.value_of(WEDNESDAY_AT_10)
    assert re.findall(r'<option value="([^"]*)" selected>', text) == [value]
    assert "Choose only an hour at which a call is safe." in text
    assert send(address, "call", call_time=value).status_code == 303
    assert call_times.of(enquiry) == WEDNESDAY_AT_10
    assert not enquiry.events.exists()


@at_the_office
def test_without_an_agreed_time_it_is_as_soon_as_possible() -> None:
    make_office_hours()
    address = link_of(make_enquiry())
    text = page_at(f"{address}call/")
    assert "Now: <strong>as soon as possible</strong>" in text
    assert re.findall(r'<option value="([^"]*)" selected>', text) == [""]
    assert "A call is agreed on" not in page_at(f"{address}safety/")


def test_each_page_is_named_in_the_breadcrumb_by_its_own_title() -> None:
    address = link_of(make_enquiry())
    for step, title in (("add", "Add to your message"), ("withdraw", "Withdraw your message")):
        text = page_at(f"{address}{step}/")
        assert f'<li aria-current="page">{title}</li>' in text
        assert f"<h1>{title}</h1>" in text


def lose_the_race() -> tuple[Enquiry, str]:
    """The message, and the query of its confirmation."""
    make_office_hours()
    enquiry = make_enquiry()
    return enquiry, f"?receipt={receipts.sign(receipt_of(enquiry, is_call_time_lost=True))}"


@at_the_office
def test_the_confirmation_offers_other_times_to_who_lost_the_race() -> None:
    enquiry, query = lose_the_race()
    address = f"/admissions/received/{enquiry.reference}/"
    offered = page_at(f"{address}{query}")
    assert "was taken a moment before yours" in offered
    assert "Choose only an hour at which a call is safe." in offered
    data = {"call_time": call_times.value_of(WEDNESDAY_AT_10)}
    text = page_after(Client(enforce_csrf_checks=True).post(f"{address}call/{query}", data))
    assert "We call on <strong>Wednesday, November 25" in text
    assert "taken a moment before" not in text
    assert call_times.of(enquiry) == WEDNESDAY_AT_10


@at_the_office
def test_who_loses_again_is_offered_what_is_left() -> None:
    enquiry, query = lose_the_race()
    call_times.claim(make_enquiry(), WEDNESDAY_AT_10)
    data = {"call_time": call_times.value_of(WEDNESDAY_AT_10)}
    response = Client().post(f"/admissions/received/{enquiry.reference}/call/{query}", data)
    assert response.status_code == 409
    assert call_times.value_of(WEDNESDAY_AT_10) not in text_of(response)
    assert call_times.value_of(WEDNESDAY_AT_11) in text_of(response)


@at_the_office
def test_while_the_database_is_away_the_confirmation_keeps_the_choice() -> None:
    enquiry, query = lose_the_race()
    address = f"/admissions/received/{enquiry.reference}/"
    Client().get(f"{address}{query}")
    value = call_times.value_of(WEDNESDAY_AT_10)
    with connection.execute_wrapper(away):
        response = Client().post(f"{address}call/{query}", {"call_time": value})
    assert response.status_code == 503
    assert f'<option value="{value}" selected>' in text_of(response)
    assert not CallTime.objects.exists()
