from __future__ import annotations

import math
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from admissions import receiving, sealing, services
from admissions.models import Enquiry, EnquiryEvent, IllegalTransition, ReadRecord
from content import published
from tests.admissions.keys import key_pair
from tests.admissions.sending import send
from tests.content.factories import make_site_settings
from tests.factories import (
    cleaned_enquiry,
    enquiry_data,
    make_enquiry,
    make_level_of_care,
    make_office_hours,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db: None) -> User:
    return make_staff()


# --- Submitting -----------------------------------------------------------------------------------------------------


def test_an_enquiry_and_the_task_that_tells_staff_are_stored_together() -> None:
    enquiry = make_enquiry()
    task = DBTaskResult.objects.get()
    assert task.task_path == "admissions.tasks.notify_staff"
    assert task.args_kwargs == {"args": [enquiry.pk], "kwargs": {}}


def test_a_form_that_is_sent_costs_three_inserts_and_no_other_query() -> None:
    with published.reading(published.Moment("one", until=math.inf)):
        # The first learns what is live at this moment.
        send(enquiry_data())
        with CaptureQueriesContext(connection) as queries:
            assert send(enquiry_data()).status_code == 303
    statements = [" ".join(query["sql"].split()[:3]).replace('"', "") for query in queries]
    # The test is in a transaction of its own: a savepoint stands where BEGIN and COMMIT do.
    assert [statement.split()[0] for statement in statements] == ["SAVEPOINT", "INSERT", "INSERT", "INSERT", "RELEASE"]
    assert statements[1:4] == [
        "INSERT INTO admissions_ratecount",
        "INSERT INTO admissions_enquiry",
        "INSERT INTO django_tasks_database_dbtaskresult",
    ]


def test_when_the_task_cannot_be_stored_neither_is_the_enquiry(monkeypatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(receiving, "notify_staff", type("Task", (), {"enqueue": fail}))
    with pytest.raises(RuntimeError):
        make_enquiry()
    assert not Enquiry.objects.exists()


def test_office_hours_make_a_promise_and_none_make_none() -> None:
    assert make_enquiry().respond_by_at is None
    make_office_hours()
    enquiry = make_enquiry()
    assert enquiry.respond_by_at > enquiry.received_at


def test_the_same_form_with_the_same_words_changes_nothing() -> None:
    first, second = make_enquiry(nonce="form"), make_enquiry(nonce="form")
    assert first == second
    assert Enquiry.objects.count() == DBTaskResult.objects.count() == 1
    assert not EnquiryEvent.objects.exists()


def test_what_was_sent_last_wins_even_when_it_was_sent_first_too() -> None:
    for message in ("one", "two", "two", "one"):
        make_enquiry(nonce="form", message=message)
    events = [sealing.open_payload(event.sealed, sealing.staff_identity()) for event in EnquiryEvent.objects.all()]
    assert [event["message"] for event in events] == ["two", "one"]
    assert Enquiry.objects.count() == 1


def test_staff_are_told_of_each_change_and_of_no_repetition() -> None:
    for message in ("one", "two", "two", "one"):
        enquiry = make_enquiry(nonce="form", message=message)
    tasks = [(task.task_path, task.args_kwargs["args"]) for task in DBTaskResult.objects.order_by("enqueued_at")]
    again = ("admissions.tasks.notify_staff_again", [enquiry.pk])
    assert tasks == [("admissions.tasks.notify_staff", [enquiry.pk]), again, again]


def test_when_the_task_for_a_change_cannot_be_stored_neither_is_the_change(monkeypatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    make_enquiry(nonce="form", age_band="teen")
    monkeypatch.setattr(receiving, "notify_staff_again", type("Task", (), {"enqueue": fail}))
    with pytest.raises(RuntimeError):
        make_enquiry(nonce="form", age_band="adult")
    assert not EnquiryEvent.objects.exists()
    assert Enquiry.objects.get().age_band == "teen"


def test_the_desks_columns_follow_what_was_sent_last() -> None:
    level = make_level_of_care()
    make_enquiry(nonce="form", age_band="teen")
    enquiry = make_enquiry(nonce="form", age_band="adult", level_of_care=str(level.pk))
    enquiry.refresh_from_db()
    assert (enquiry.age_band, enquiry.level_of_care) == ("adult", level)


def test_equal_words_in_another_form_are_another_enquiry_with_another_digest() -> None:
    first, second = make_enquiry(), make_enquiry()
    assert first.reference != second.reference
    assert first.content_digest != second.content_digest


def test_references_that_meet_are_tried_again(monkeypatch) -> None:
    taken = make_enquiry().reference
    monkeypatch.setattr(receiving, "reference_for", lambda key, attempt=0: taken if attempt < 2 else "23456789")
    assert make_enquiry().reference == "23456789"


def test_sending_again_works_inside_a_transaction_too() -> None:
    with transaction.atomic():
        first, second = make_enquiry(nonce="form"), make_enquiry(nonce="form")
        assert Enquiry.objects.count() == 1
    assert first == second


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("messages", [["same"] * 4, ["one", "two", "three", "four"]])
def test_web_processes_that_get_the_same_form_at_once_store_it_once(messages: list[str]) -> None:
    forms = [cleaned_enquiry(message=message) for message in messages]
    together, results = threading.Barrier(len(forms)), []

    def submit(cleaned: dict[str, Any]) -> None:
        try:
            together.wait(timeout=20)
            results.append(receiving.submit_enquiry(cleaned=cleaned, token_nonce="form", language="en").reference)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=[form]) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == len(forms)
    assert len(set(results)) == Enquiry.objects.count() == 1
    assert EnquiryEvent.objects.count() == len(set(messages)) - 1
    assert DBTaskResult.objects.count() == len(set(messages))


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_staff_once(mailoutbox) -> None:
    make_site_settings(notify_email="desk@example.org")
    make_enquiry(nonce="form")
    make_enquiry(nonce="form")
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", "--worker-id", "test")
    assert [mail.to for mail in mailoutbox] == [["desk@example.org"]]


# --- Reading --------------------------------------------------------------------------------------------------------


def test_opening_gives_everything_and_is_recorded(actor: User) -> None:
    enquiry = make_enquiry()
    services.add_note(enquiry=enquiry, note="Called, no answer.", actor=actor)
    opened = services.open_enquiry(enquiry=enquiry, actor=actor)
    assert opened.person.name == "Alex Rivera"
    assert [entry.note for entry in opened.events] == ["Called, no answer."]
    record = ReadRecord.objects.get()
    assert (record.actor, record.action, record.references) == (actor, "open", [enquiry.reference])


def test_the_record_is_there_before_anything_is_opened(actor: User, monkeypatch) -> None:
    records_when_opening = []
    open_payload = sealing.open_payload

    def watch(sealed: bytes, identity: str) -> dict[str, Any]:
        records_when_opening.append(ReadRecord.objects.count())
        return open_payload(sealed, identity)

    monkeypatch.setattr(sealing, "open_payload", watch)
    enquiries = [make_enquiry(), make_enquiry()]
    services.open_enquiry(enquiry=enquiries[0], actor=actor)
    services.open_names(enquiries=enquiries, actor=actor)
    assert records_when_opening == [1, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_opened_where_the_record_could_be_rolled_back() -> None:
    enquiry, actor = make_enquiry(), make_staff()
    with transaction.atomic():
        for read in (
            lambda: services.open_enquiry(enquiry=enquiry, actor=actor),
            lambda: services.open_names(enquiries=[enquiry], actor=actor),
        ):
            with pytest.raises(RuntimeError, match="durable"):
                read()


def test_without_the_key_nothing_is_read_and_nothing_recorded(actor: User, settings) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_KEY = ""
    with pytest.raises(sealing.StaffKeyMissing):
        services.open_enquiry(enquiry=enquiry, actor=actor)
    with pytest.raises(sealing.StaffKeyMissing):
        services.open_names(enquiries=[enquiry], actor=actor)
    assert not ReadRecord.objects.exists()


def test_a_wrong_key_is_said(actor: User, settings) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_KEY = key_pair()[0]
    with pytest.raises(sealing.SealBroken):
        services.open_enquiry(enquiry=enquiry, actor=actor)
    assert services.open_names(enquiries=[enquiry], actor=actor) == {enquiry.pk: ""}


def test_one_note_that_does_not_open_does_not_hide_the_rest(actor: User) -> None:
    enquiry = make_enquiry()
    enquiry.add_note(sealing.seal(b"{}", [key_pair()[1]]), by=actor)
    opened = services.open_enquiry(enquiry=enquiry, actor=actor)
    assert opened.person.name == "Alex Rivera"
    assert "cannot be opened" in opened.events[0].problem


def test_the_last_words_are_read_and_the_first_are_kept(actor: User) -> None:
    make_enquiry(nonce="form", name="Alex", safe_contact=["call", "text"])
    enquiry = make_enquiry(nonce="form", name="Alexis", safe_contact=["call"])
    opened = services.open_enquiry(enquiry=enquiry, actor=actor)
    assert (opened.person.name, opened.first.name) == ("Alexis", "Alex")
    assert (opened.person.safe, opened.first.safe) == (["call"], ["call", "text"])
    assert services.open_names(enquiries=[enquiry], actor=actor) == {enquiry.pk: "Alexis"}


def test_what_was_safe_at_first_is_not_shown_when_the_last_words_do_not_open(actor: User) -> None:
    enquiry = make_enquiry(safe_contact=["call", "text"])
    EnquiryEvent.objects.create(
        enquiry=enquiry, kind=EnquiryEvent.Kind.SENT_AGAIN, sealed=sealing.seal(b"{}", [key_pair()[1]])
    )
    with pytest.raises(sealing.SealBroken):
        services.open_enquiry(enquiry=enquiry, actor=actor)


def test_a_time_for_a_call_is_read_as_a_request_to_be_called(actor: User) -> None:
    """Whether it was chosen on the form, on the form that was sent again, or later; nobody offers that time here."""
    by_mail = {"preferred_contact": "email", "safe_contact": ["call", "email"], "nonce": "form"}

    def asked_for_call() -> bool:
        return services.open_enquiry(enquiry=enquiry, actor=actor).person.asked_for_call

    enquiry = make_enquiry(**by_mail)
    assert not asked_for_call()
    make_enquiry(**by_mail, call_time="2026-11-25T20:00Z")
    assert asked_for_call()
    make_enquiry(**by_mail)
    assert not asked_for_call()
    EnquiryEvent.objects.create(enquiry=enquiry, kind=EnquiryEvent.Kind.CALL_TIME)
    assert not asked_for_call()
    EnquiryEvent.objects.create(
        enquiry=enquiry, kind=EnquiryEvent.Kind.CALL_TIME, call_at=datetime(2026, 11, 25, 20, tzinfo=UTC)
    )
    assert asked_for_call()


def test_a_list_of_names_is_one_record(actor: User) -> None:
    enquiries = [make_enquiry(name="Ann"), make_enquiry(name="Bo")]
    assert sorted(services.open_names(enquiries=enquiries, actor=actor).values()) == ["Ann", "Bo"]
    record = ReadRecord.objects.get()
    assert (record.action, record.references) == ("list", [enquiry.reference for enquiry in enquiries])


def test_an_empty_list_is_not_recorded(actor: User) -> None:
    assert services.open_names(enquiries=[], actor=actor) == {}
    assert not ReadRecord.objects.exists()


# --- Acting ---------------------------------------------------------------------------------------------------------


def test_a_step_keeps_its_note_sealed(actor: User) -> None:
    enquiry = make_enquiry()
    event = services.change_status(enquiry=enquiry, status="in_contact", actor=actor, note="Reached Alex.")
    enquiry.refresh_from_db()
    assert enquiry.status == "in_contact"
    assert (event.from_status, event.to_status, event.actor) == ("new", "in_contact", actor)
    assert b"Reached" not in bytes(event.sealed)
    assert services.open_enquiry(enquiry=enquiry, actor=actor).events[0].note == "Reached Alex."


def test_a_step_without_a_note_needs_no_keys(actor: User, settings) -> None:
    enquiry = make_enquiry()
    settings.ENQUIRY_STAFF_PUBLIC_KEY = settings.ENQUIRY_STAFF_KEY = ""
    assert services.change_status(enquiry=enquiry, status="closed", actor=actor).sealed is None


def test_a_step_that_is_not_allowed_changes_nothing_and_says_which_are(actor: User) -> None:
    enquiry = make_enquiry()
    with pytest.raises(IllegalTransition, match="In contact, Referred elsewhere, Closed"):
        services.change_status(enquiry=enquiry, status="admitted", actor=actor, note="Oops.")
    enquiry.refresh_from_db()
    assert enquiry.status == "new"
    assert not EnquiryEvent.objects.exists()
