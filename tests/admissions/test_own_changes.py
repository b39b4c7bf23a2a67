"""What can be done by the private link, what is refused, and that nothing that was filled in is lost by it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django_tasks_db.models import DBTaskResult

from admissions import call_times, own, receipts, sealing, tokens
from admissions.models import AlreadyWithdrawn, CallTime, Enquiry, EnquiryEvent
from tests.admissions.sending import text_of
from tests.admissions.test_own_link import away, link_of, receipt_of
from tests.factories import make_enquiry, make_office_hours, make_staff

pytestmark = pytest.mark.django_db
Kind = EnquiryEvent.Kind
# A Tuesday, 9 in the morning at the office
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
WEDNESDAY_AT_10 = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
WEDNESDAY_AT_11 = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
SAFETY = {"safe_contact": ["text"], "best_times": ["evening"], "say_who": "first_name"}


def send(address: str, step: str, *, token: str | None = None, **data: Any) -> HttpResponse:
    client, token = Client(enforce_csrf_checks=True), tokens.issue() if token is None else token
    return client.post(f"{address}{step}/", data | {"token": token})


def opened(event: EnquiryEvent) -> dict[str, Any]:
    return sealing.open_payload(event.sealed, django_settings.ENQUIRY_STAFF_KEY)


def mails(enquiry: Enquiry, kind: str = "notify_staff_again") -> int:
    paths = DBTaskResult.objects.values_list("task_path", flat=True)
    return list(paths).count(f"admissions.tasks.{kind}")


def page_at(address: str) -> str:
    return " ".join(text_of(Client().get(address)).split())


def page_after(response: HttpResponse) -> str:
    assert response.status_code == 303
    return " ".join(text_of(Client().get(response["Location"])).split())


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


def with_a_call(at: datetime = WEDNESDAY_AT_10) -> tuple[Enquiry, str]:
    """The message, and its private link."""
    make_office_hours()
    enquiry = make_enquiry()
    assert call_times.claim(enquiry, at)
    return enquiry, link_of(enquiry)


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


# --- The time of the call -------------------------------------------------------------------------------------------


def at_the_office(test: Callable[..., None]) -> Callable[..., None]:
    return time_machine.travel(NOW, tick=False)(test)


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
