from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from admissions import receiving, spool
from admissions.models import Enquiry
from content import published
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


def test_a_spool_that_cannot_be_written_is_no_false_success(monkeypatch, settings, tmp_path) -> None:
    (tmp_path / "spool").touch()
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(receiving, "store", away)
    response = send(enquiry_data())
    assert response.status_code == 503
    assert 'value="Alex Rivera"' in text_of(response)
    assert "nothing has been sent yet" in text_of(response)
    assert "(617) 555" in text_of(response)


def away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("DETAIL: Failing row contains (Alex Rivera)")


def test_while_the_database_is_away_it_waits_in_the_spool_with_a_level_seen_before(caplog, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    level = make_level_of_care(name="Virtual program")
    with published.reading(published.Moment("token", 0.0)):
        Client().get(URL)
        with connection.execute_wrapper(away):
            response = send(enquiry_data(level_of_care=level.pk))
    assert response.status_code == 303
    [path] = spool.files()
    assert spool.read(path).level_of_care == level.pk
    assert "Alex" not in caplog.text
    assert not Enquiry.objects.exists()


def test_a_process_that_never_saw_the_levels_keeps_the_choice_and_stores_nothing_without_it(monkeypatch) -> None:
    level = make_level_of_care()
    data = enquiry_data(level_of_care=level.pk)
    with connection.execute_wrapper(away):
        response = send(data)
    assert response.status_code == 503
    assert f'<option value="{level.pk}" selected>The one you have chosen' in text_of(response)
    monkeypatch.setattr("content.published.accepting_levels", away)
    assert send(data).status_code == 503
    assert not Enquiry.objects.exists()


def test_the_empty_form_is_there_while_the_database_is_away() -> None:
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
