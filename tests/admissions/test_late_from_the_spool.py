"""What comes out of a spool late never stands for what the same visitor has written since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from admissions import call_times, services, spool
from admissions.draining import Drained, drain
from admissions.models import Enquiry, EnquiryEvent
from admissions.models.office import AdmissionsSettings
from tests.admissions.sending import wait_in_spool
from tests.factories import make_enquiry, make_level_of_care, make_office_hours, make_staff

pytestmark = pytest.mark.django_db
Kind = EnquiryEvent.Kind
# A Monday, 10 in the morning at the office.
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WEDNESDAY_AT_10 = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
NEVER_CALL: dict[str, Any] = {"safe_contact": ["email"], "preferred_contact": "email"}
AT_11 = WEDNESDAY_AT_10 + timedelta(hours=1)


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def at(minute: int) -> Any:
    return time_machine.travel(NOW + timedelta(minutes=minute), tick=False)


def drain_later() -> None:
    with at(30):
        assert drain().stored
    assert not spool.files()


def opened() -> services.OpenedEnquiry:
    return services.open_enquiry(enquiry=Enquiry.objects.get(), actor=make_staff())


def messages() -> list[str]:
    return [entry.person.message for entry in opened().events if entry.person]


def test_an_older_form_is_kept_and_does_not_stand_for_the_newer_one() -> None:
    level = make_level_of_care()
    with at(0):
        wait_in_spool(name="Alex", safe_contact=["call"], age_band="adult", message="one")
    with at(5):
        enquiry = make_enquiry(nonce="form", name="Alexis", **NEVER_CALL, level_of_care=level.pk)
    drain_later()
    found = opened()
    assert (found.person.safe, found.sent.name, found.first.name) == (["email"], "Alexis", "Alexis")
    assert messages() == ["one"]
    assert services.open_names(enquiries=[enquiry], actor=make_staff()) == {enquiry.pk: "Alexis"}
    assert (found.enquiry.level_of_care, found.enquiry.age_band) == (level, "teen")
    assert found.enquiry.events.get().at == NOW
    # Staff are told of the first, and that something was added.
    assert DBTaskResult.objects.count() == 2


def test_what_is_between_two_forms_is_read_between_them() -> None:
    with at(0):
        make_enquiry(nonce="form", message="one")
    with at(1):
        wait_in_spool(message="two")
    with at(2):
        make_enquiry(nonce="form", message="three")
    drain_later()
    assert opened().sent.message == "three"
    assert messages() == ["two", "three"]


def test_the_newest_form_stands_also_when_it_comes_out_of_the_spool() -> None:
    with at(0):
        make_enquiry(nonce="form", safe_contact=["call"])
    with at(1):
        wait_in_spool(**NEVER_CALL, age_band="adult")
    drain_later()
    assert (opened().person.safe, Enquiry.objects.get().age_band) == (["email"], "adult")


def test_a_commit_in_doubt_adds_nothing_even_after_a_change() -> None:
    with at(0):
        make_enquiry(nonce="form", message="one")
        wait_in_spool(message="one")
    with at(5):
        make_enquiry(nonce="form", message="two")
    drain_later()
    assert messages() == ["two"]


def test_the_same_words_on_either_side_add_nothing() -> None:
    with at(0):
        wait_in_spool(message="one")
    with at(1):
        make_enquiry(nonce="form", message="one")
    drain_later()
    assert messages() == []


@pytest.mark.parametrize("send", [wait_in_spool, make_enquiry])
def test_who_goes_back_to_their_first_answers_is_believed(send: Any) -> None:
    for minute, safe in enumerate((NEVER_CALL, {"safe_contact": ["call"]}, NEVER_CALL)):
        with at(minute):
            send(nonce="form", **safe)
    with at(30):
        drain()
    assert opened().person.safe == ["email"]


def test_taken_out_again_after_a_kill_an_older_form_is_added_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with at(0):
        wait_in_spool(message="one")
    with at(1):
        make_enquiry(nonce="form", message="two")
    with monkeypatch.context() as patch:
        patch.setattr(spool, "take_out", lambda path: None)
        drain()
    assert drain() == Drained(stored=1)
    assert messages() == ["one"]


def test_an_older_form_that_is_urgent_still_reaches_a_person_and_its_promise_is_kept() -> None:
    make_office_hours()
    with at(0):
        waiting = wait_in_spool(in_danger="yes")
    with at(120):
        make_enquiry(nonce="form", in_danger="no")
    drain()
    enquiry = Enquiry.objects.get()
    assert enquiry.is_urgent
    assert enquiry.respond_by_at == waiting.respond_by_at


# --- The time for a call --------------------------------------------------------------------------------------------


@pytest.fixture
def office_hours() -> None:
    make_office_hours()
    fields = {"call_minutes": 60, "notice_minutes": 120, "days_ahead": 3}
    AdmissionsSettings.objects.update_or_create(pk=AdmissionsSettings.PK, defaults=fields)


def asking_for(starts_at: datetime) -> dict[str, Any]:
    return {"call_time": call_times.value_of(starts_at), "best_times": []}


@pytest.mark.usefixtures("office_hours")
def test_an_older_form_takes_no_call_away() -> None:
    with at(0):
        wait_in_spool(**asking_for(AT_11))
    with at(1):
        make_enquiry(nonce="form", **asking_for(WEDNESDAY_AT_10))
    drain_later()
    assert call_times.of(Enquiry.objects.get()) == WEDNESDAY_AT_10


@pytest.mark.usefixtures("office_hours")
def test_a_call_that_was_changed_since_the_form_was_sent_stays() -> None:
    with at(0):
        enquiry = make_enquiry(nonce="form", message="one")
    with at(1):
        wait_in_spool(message="two", **asking_for(AT_11))
    with at(2):
        call_times.claim(enquiry, WEDNESDAY_AT_10, is_change=True)
    drain_later()
    assert call_times.of(enquiry) == WEDNESDAY_AT_10


@pytest.mark.usefixtures("office_hours")
def test_of_two_calls_asked_for_while_the_database_was_away_the_last_one_holds() -> None:
    with at(0):
        enquiry = make_enquiry(nonce="form")
    for minute, starts_at in ((1, AT_11), (2, WEDNESDAY_AT_10)):
        with at(minute):
            wait_in_spool(**asking_for(starts_at))
    drain_later()
    assert call_times.of(enquiry) == WEDNESDAY_AT_10


@pytest.mark.usefixtures("office_hours")
def test_staff_read_that_a_time_was_asked_for_and_taken(client: Any) -> None:
    with at(0):
        waiting = wait_in_spool(**asking_for(WEDNESDAY_AT_10))
        make_enquiry(nonce="other", **asking_for(WEDNESDAY_AT_10))
    drain_later()
    event = EnquiryEvent.objects.get()
    assert (event.enquiry.reference, event.kind) == (waiting.reference, Kind.CALL_TIME_LOST)
    assert (event.call_at, event.at) == (WEDNESDAY_AT_10, NOW)
    client.force_login(make_staff("view_enquiry"))
    page = client.get(event.enquiry.get_absolute_url()).text
    assert "Asked for a call-back time that was taken: Wed, Nov 25, 10 a.m." in page


@pytest.mark.usefixtures("office_hours")
def test_who_changes_to_a_time_that_is_taken_keeps_theirs_and_staff_read_of_it() -> None:
    with at(0):
        make_enquiry(nonce="other", **asking_for(WEDNESDAY_AT_10))
        enquiry = make_enquiry(nonce="form", **asking_for(AT_11))
    with at(1):
        make_enquiry(nonce="form", **asking_for(WEDNESDAY_AT_10))
    assert call_times.of(enquiry) == AT_11
    assert [event.kind for event in enquiry.events.all()] == [Kind.SENT_AGAIN, Kind.CALL_TIME_LOST]
