from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from admissions.references import reference_for
from tests.content.factories import make_site_settings
from tests.factories import make_enquiry, make_office_hours

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


def test_it_offers_to_write_another_message() -> None:
    page = Client().get(f"/admissions/received/{make_enquiry().reference}/").content.decode()
    assert '<a href="/admissions/">Write another message</a>' in page
