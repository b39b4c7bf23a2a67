from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from admissions import forms, services
from admissions.models import Enquiry
from tests.admissions.sending import URL, send, text_of, token_in
from tests.factories import enquiry_data, make_level_of_care

pytestmark = pytest.mark.django_db


# --- When it cannot be stored ---------------------------------------------------------------------------------------


def test_without_keys_to_seal_to_nothing_is_stored_and_the_filled_form_says_so(settings) -> None:
    settings.ENQUIRY_STAFF_PUBLIC_KEY = ""
    data = enquiry_data()
    response = send(data)
    assert response.status_code == 503
    assert "nothing has been sent yet" in text_of(response)
    assert "We do not know what comes next." in text_of(response)
    assert token_in(response) == data["token"]
    assert not Enquiry.objects.exists()


def test_a_failing_database_is_no_false_success_and_its_message_is_not_logged(monkeypatch, caplog) -> None:
    def fail(**kwargs: Any) -> None:
        raise DatabaseError("DETAIL: Failing row contains (Alex Rivera)")

    monkeypatch.setattr(services, "submit_enquiry", fail)
    response = send(enquiry_data())
    assert response.status_code == 503
    assert 'value="Alex Rivera"' in text_of(response)
    assert "could not be stored (DatabaseError)" in caplog.text
    assert "Alex" not in caplog.text


def away(*args: Any) -> None:
    raise OperationalError("DETAIL: Failing row contains (Alex Rivera)")


def test_while_the_database_is_away_the_filled_form_comes_back_with_the_levels_seen_last(monkeypatch, caplog) -> None:
    monkeypatch.setattr(forms, "_last_seen", {})
    level = make_level_of_care(name="Virtual program")
    Client().get(URL)
    data = enquiry_data(level_of_care=level.pk)
    with connection.execute_wrapper(away):
        response = send(data)
    page = text_of(response)
    assert response.status_code == 503
    assert "nothing has been sent yet" in page
    assert "We do not know what comes next." in page
    assert f'<option value="{level.pk}" selected>Virtual program' in page
    assert token_in(response) == data["token"]
    assert "Alex" not in caplog.text
    assert send(data).status_code == 303


def test_a_process_that_never_saw_the_levels_keeps_the_choice_and_stores_nothing_without_it(monkeypatch) -> None:
    monkeypatch.setattr(forms, "_last_seen", {})
    level = make_level_of_care()
    data = enquiry_data(level_of_care=level.pk)
    with connection.execute_wrapper(away):
        response = send(data)
    assert response.status_code == 503
    assert f'<option value="{level.pk}" selected>The one you have chosen' in text_of(response)
    monkeypatch.setattr("content.models.LevelOfCare.objects.accepting", away)
    assert send(data).status_code == 503
    assert not Enquiry.objects.exists()


def test_the_empty_form_is_there_while_the_database_is_away(monkeypatch) -> None:
    monkeypatch.setattr(forms, "_last_seen", {})
    make_level_of_care(name="Virtual program")
    with connection.execute_wrapper(away):
        response = Client().get(URL)
    assert response.status_code == 200
    assert "Not sure yet" in text_of(response)
    assert "Virtual program" not in text_of(response)


def test_nothing_personal_is_logged_or_put_into_an_address(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    locations = [send(data).get("Location", "") for data in (enquiry_data(), enquiry_data(telephone="12"))]
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for personal in ("Alex", "Rivera", "5550123", "alex@example.org", "Blue Example", "comes next"):
        assert personal not in logged
        assert personal not in "".join(locations)
