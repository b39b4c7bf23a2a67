"""What can be added and changed by the private link, what is refused, and that nothing filled in is lost by it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from admissions import call_times, own, tokens
from admissions.models import Enquiry
from tests.admissions.owning import (
    NOW,
    SAFETY,
    WEDNESDAY_AT_10,
    Kind,
    mails,
    opened,
    page_after,
    page_at,
    send,
    with_a_call,
)
from tests.admissions.sending import text_of
from tests.admissions.test_own_link import away, link_of
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db


# --- Adding ---------------------------------------------------------------------------------------------------------


def test_a_message_is_sealed_and_staff_are_told() -> None:
    enquiry = make_enquiry()
    text = page_after(send(link_of(enquiry), "add", message="He has begun to sleep.\r\nA little."))
    [event] = enquiry.events.all()
    assert (event.kind, event.actor) == (Kind.ADDED, None)
    assert opened(event)["message"] == "He has begun to sleep.\nA little."
    assert "Your message has been added" in text
    assert "begun to sleep" not in text
    assert mails(enquiry) == 1


def test_a_double_click_adds_it_once_and_other_words_in_the_same_form_are_added_too() -> None:
    enquiry, token = make_enquiry(), tokens.issue()
    address = link_of(enquiry)
    for message in ("One", "One", "Two", "One"):
        assert send(address, "add", token=token, message=message).status_code == 303
    assert [opened(event)["message"] for event in enquiry.events.all()] == ["One", "Two"]
    assert mails(enquiry) == 2


def test_words_of_crisis_make_it_urgent_and_reach_a_person_also_from_quarantine() -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(is_quarantined=True)
    response = send(link_of(enquiry), "add", message="I want to kill myself")
    text = page_after(response)
    enquiry.refresh_from_db()
    assert (enquiry.is_urgent, enquiry.is_quarantined) == (True, False)
    assert "Please reach a person now" in text
    assert (mails(enquiry, "notify_staff"), mails(enquiry)) == (2, 0)
    # The card is for who has just written; the bare address, which others may find, says nothing of it.
    assert "Please reach a person now" not in text_of(Client().get(response["Location"].partition("?")[0]))


def test_nobody_is_told_of_what_is_in_quarantine() -> None:
    enquiry = make_enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(is_quarantined=True)
    assert send(link_of(enquiry), "add", message="One more thing").status_code == 303
    assert mails(enquiry) == 0


@pytest.mark.parametrize(
    ("message", "words"),
    [("", "Please write what you would like to add."), ("x" * 2001, "Please shorten this to 2,000 characters.")],
)
def test_what_cannot_be_added_comes_back_with_a_sentence(message: str, words: str) -> None:
    enquiry = make_enquiry()
    response = send(link_of(enquiry), "add", message=message)
    assert response.status_code == 200
    assert words.replace("2,000", "2000") in text_of(response)
    assert message in text_of(response)
    assert not enquiry.events.exists()


def test_a_page_that_was_open_too_long_comes_back_with_a_new_token() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    response = send(address, "add", token="old", message="Still here")
    assert response.status_code == 409
    assert "Still here" in text_of(response)
    assert not enquiry.events.exists()


def test_another_site_cannot_add_anything() -> None:
    enquiry = make_enquiry()
    data = {"token": tokens.issue(), "message": "Still here"}
    response = Client().post(f"{link_of(enquiry)}add/", data, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert "Still here" in text_of(response)
    assert not enquiry.events.exists()


def test_what_is_far_too_long_comes_back_whole() -> None:
    enquiry = make_enquiry()
    response = send(link_of(enquiry), "add", message="long " * 20_000)
    assert response.status_code == 413
    assert "long " * 20_000 in text_of(response)
    assert not enquiry.events.exists()


def test_a_link_that_a_newer_one_replaced_gives_the_text_back() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    link_of(enquiry)
    response = send(address, "add", message="Still here")
    assert response.status_code == 404
    assert "Still here" in text_of(response)
    assert not enquiry.events.exists()


@pytest.mark.parametrize(("step", "data"), [("add", {"message": "Still here"}), ("safety", SAFETY)])
def test_while_the_database_is_away_the_filled_form_comes_back_with_its_token(step: str, data: dict[str, Any]) -> None:
    address, token = link_of(make_enquiry()), tokens.issue()
    with connection.execute_wrapper(away):
        response = send(address, step, token=token, **data)
    assert response.status_code == 503
    assert "nothing has changed yet" in text_of(response)
    assert token in text_of(response)
    assert "Still here" in text_of(response) or 'value="evening" id="id_best_times_3" checked' in text_of(response)


def test_without_keys_to_seal_to_the_filled_form_comes_back(settings: Any) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_PUBLIC_KEY = ""
    response = send(link_of(enquiry), "add", message="Still here")
    assert response.status_code == 503
    assert "Still here" in text_of(response)
    assert not enquiry.events.exists()


def test_too_many_changes_within_an_hour_are_refused_and_a_repeated_one_is_not(monkeypatch: Any) -> None:
    monkeypatch.setattr(own, "MOST_CHANGES_AN_HOUR", 1)
    enquiry, token = make_enquiry(), tokens.issue()
    address = link_of(enquiry)
    assert send(address, "add", token=token, message="One").status_code == 303
    assert send(address, "add", token=token, message="One").status_code == 303
    response = send(address, "add", message="Still here")
    assert response.status_code == 429
    assert "Still here" in text_of(response)
    assert enquiry.events.count() == 1
    # Nobody is kept from withdrawing.
    assert send(address, "withdraw").status_code == 303


# --- What is safe ---------------------------------------------------------------------------------------------------


def test_what_is_safe_is_asked_anew_and_sealed() -> None:
    enquiry = make_enquiry()
    address = link_of(enquiry)
    empty = text_of(Client().get(f"{address}safety/"))
    assert "Which of these is it safe for us to do?" in empty
    assert "checked" not in empty
    other = {"other_name": "Aunt May", "other_telephone": "617 555 0188 ext. 3"}
    assert "From now on we go by them." in page_after(send(address, "safety", **SAFETY, **other))
    [event] = enquiry.events.all()
    payload = opened(event)
    assert event.kind == Kind.SAFETY
    assert payload | {"schema": 0} == SAFETY | {
        "schema": 0,
        "other_name": "Aunt May",
        "other_telephone": "+16175550188",
        "other_telephone_extension": "3",
    }
    assert mails(enquiry) == 1


def test_somebody_to_reach_instead_needs_a_name() -> None:
    enquiry = make_enquiry()
    response = send(link_of(enquiry), "safety", **SAFETY, other_telephone="617 555 0188")
    assert response.status_code == 200
    assert "Please write whom we should ask for at that number." in text_of(response)
    assert not enquiry.events.exists()


def test_the_same_answers_count_once_and_going_back_to_earlier_ones_counts() -> None:
    enquiry, token = make_enquiry(), tokens.issue()
    address = link_of(enquiry)
    for safe in ("text", "text", "email", "text"):
        send(address, "safety", token=token, safe_contact=[safe])
    assert [opened(event)["safe_contact"] for event in enquiry.events.all()] == [["text"], ["email"], ["text"]]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"safe_contact": ["voicemail", "text", "email"]},
        {"safe_contact": ["call"], "best_times": ["evening"]},
        {"other_name": "Aunt May", "other_telephone": "617 555 0188", "best_times": ["midday", "evening"]},
    ],
)
def test_a_call_that_is_no_longer_safe_is_given_up_and_it_is_said(answers: dict[str, Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        enquiry, address = with_a_call()
        assert "A call is agreed on: <strong>Wednesday, November 25" in page_at(f"{address}safety/")
        token = tokens.issue()
        # Pressed twice, what was done is said all the same.
        for _time in range(2):
            text = page_after(send(address, "safety", token=token, **answers))
            assert "so we no longer call you at the time that was agreed on" in text
            assert "We call on" not in text
    assert call_times.of(enquiry) is None
    assert list(enquiry.events.values_list("kind", "call_at")) == [(Kind.SAFETY, None), (Kind.CALL_TIME, None)]
    assert mails(enquiry) == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"safe_contact": ["call"]},
        {"safe_contact": ["call"], "best_times": ["any"]},
        {"safe_contact": ["call"], "best_times": ["morning", "evening"]},
        {"other_name": "Aunt May", "other_telephone": "617 555 0188", "best_times": ["morning"]},
    ],
)
def test_a_call_that_is_still_safe_is_kept(answers: dict[str, Any]) -> None:
    with time_machine.travel(NOW, tick=False):
        enquiry, address = with_a_call()
        text = page_after(send(address, "safety", **answers))
    assert call_times.of(enquiry) == WEDNESDAY_AT_10
    assert "we no longer call you" not in text
    assert "We call on <strong>Wednesday, November 25" in text
