from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connections, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from admissions import call_times, office, receiving
from admissions.forms import CallTimeForm, EnquiryForm
from admissions.models import AdmissionsSettings, CallTime, Closure, Enquiry, EnquiryEvent
from content import published
from content.models import OfficeHours, SiteSettings
from content.published import Moment
from tests.factories import make_office_hours, make_staff

# A Tuesday, 9 in the morning at the office; Thanksgiving is on the Thursday.
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
WEDNESDAY_AT_10 = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture
def office_hours(db: None) -> Iterator[None]:
    """Monday to Friday, 9 to 5, by default one call an hour."""
    make_office_hours()
    make_settings()
    with time_machine.travel(NOW, tick=False):
        yield


def make_settings(**fields: Any) -> AdmissionsSettings:
    defaults: dict[str, Any] = {"call_minutes": 60, "notice_minutes": 120, "days_ahead": 3}
    return AdmissionsSettings.objects.update_or_create(pk=AdmissionsSettings.PK, defaults=defaults | fields)[0]


def make_enquiry() -> Enquiry:
    number = next(_numbers)
    return Enquiry.objects.create(
        reference=f"C{number:07}", idempotency_key=f"call-{number}", age_band="adult", sealed=b"sealed"
    )


def clocks(starts: list[datetime]) -> list[str]:
    """Such as "Tue 11" in New York."""
    return [f"{start.astimezone(SiteSettings.load().zone):%a %H}" for start in starts]


# --- Which times there are ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("office_hours")
def test_times_begin_after_the_notice_and_leave_out_the_holiday() -> None:
    tuesday = [f"Tue {hour}" for hour in range(11, 17)]
    week = [f"{day} {hour:02}" for day in ("Wed", "Fri") for hour in range(9, 17)]
    assert clocks(call_times.slots(NOW)) == tuesday + week


@pytest.mark.usefixtures("office_hours")
def test_staff_who_work_on_holidays_are_called_on_them() -> None:
    make_settings(keeps_holidays=False)
    assert "Thu 09" in clocks(call_times.slots(NOW))


@pytest.mark.usefixtures("office_hours")
def test_no_time_is_offered_during_a_closure() -> None:
    Closure.objects.create(
        settings=make_settings(), first_on=date(2026, 11, 24), last_on=date(2026, 11, 25), note="Moving house"
    )
    assert {clock[:3] for clock in clocks(call_times.slots(NOW))} == {"Fri"}


@pytest.mark.usefixtures("office_hours")
def test_where_staff_offer_no_times_there_are_none() -> None:
    make_settings(offers_call_times=False)
    assert call_times.slots(NOW) == call_times.open_slots(NOW) == []
    assert not call_times.claim(make_enquiry(), WEDNESDAY_AT_10)


@pytest.mark.django_db
def test_without_office_hours_the_one_choice_is_as_soon_as_possible() -> None:
    assert call_times.choices(NOW) == [("", "As soon as possible")]


@pytest.mark.usefixtures("office_hours")
def test_a_full_time_is_not_offered_and_one_with_a_place_left_is() -> None:
    make_settings(calls_at_once=2)
    CallTime.objects.create(enquiry=make_enquiry(), starts_at=WEDNESDAY_AT_10, place=0)
    assert WEDNESDAY_AT_10 in call_times.open_slots(NOW)
    CallTime.objects.create(enquiry=make_enquiry(), starts_at=WEDNESDAY_AT_10, place=1)
    assert WEDNESDAY_AT_10 not in call_times.open_slots(NOW)
    assert len(call_times.open_slots(NOW)) == len(call_times.slots(NOW)) - 1


@pytest.mark.usefixtures("office_hours")
def test_a_call_agreed_on_before_calls_took_longer_takes_up_what_it_overlaps() -> None:
    half_past = WEDNESDAY_AT_10 + timedelta(minutes=30)
    CallTime.objects.create(enquiry=make_enquiry(), starts_at=half_past, place=0)
    taken = set(call_times.slots(NOW)) - set(call_times.open_slots(NOW))
    assert taken == {WEDNESDAY_AT_10, WEDNESDAY_AT_10 + timedelta(hours=1)}
    assert not call_times.claim(make_enquiry(), WEDNESDAY_AT_10)


@pytest.mark.usefixtures("office_hours")
def test_what_is_free_takes_one_query_beside_the_facts(django_assert_num_queries: Any) -> None:
    with published.reading(Moment("now", 0)):
        call_times.open_slots(NOW)
        with django_assert_num_queries(1):
            call_times.open_slots(NOW)


@pytest.mark.usefixtures("office_hours")
def test_while_the_database_is_away_no_time_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(call_times, "_near", away)
    assert call_times.open_slots(NOW) == []
    assert call_times.choices(NOW) == [("", "As soon as possible")]


# --- Choosing -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("office_hours")
@pytest.mark.parametrize(
    ("language", "soon", "words"),
    [
        ("en", "As soon as possible", "Wed, Nov 25, 10\u00a0a.m."),
        ("es", None, "Mié 25 nov, 10\u00a0a.m."),
    ],
)
def test_choices_name_their_day_in_the_readers_language(language: str, soon: str | None, words: str) -> None:
    with translation.override(language):
        first, *times = call_times.choices(NOW)
    assert first[0] == ""
    assert soon is None or first[1] == soon
    assert ("2026-11-25T15:00Z", words) in times
    assert call_times.read("2026-11-25T15:00Z") == WEDNESDAY_AT_10


@pytest.mark.usefixtures("office_hours")
def test_the_form_says_by_which_clock() -> None:
    assert "(Eastern Time)" in str(EnquiryForm({})["call_time"].help_text)
    SiteSettings.objects.update(time_zone="America/Denver")
    assert "(Mountain Time)" in str(EnquiryForm({})["call_time"].help_text)
    assert "(Mountain Time)" in str(CallTimeForm()["call_time"].help_text)


@pytest.mark.parametrize(
    ("best_times", "is_within"),
    [
        ([], True),
        (["any"], True),
        (["morning"], True),
        (["midday", "evening"], False),
    ],
)
@pytest.mark.django_db
def test_a_time_lies_within_the_hours_of_the_office_that_were_ticked(best_times: list[str], is_within: bool) -> None:
    assert call_times.is_within(WEDNESDAY_AT_10, best_times) is is_within


@pytest.mark.usefixtures("office_hours")
def test_within_a_moment_choices_are_made_anew_every_half_minute(django_assert_num_queries: Any) -> None:
    now = NOW + timedelta(minutes=1)
    with published.reading(Moment("now", 0)):
        before = call_times.choices(now)
        # The page that shows it need not be made anew either.
        assert call_times.choices(now + timedelta(minutes=2)) is before
        CallTime.objects.create(enquiry=make_enquiry(), starts_at=WEDNESDAY_AT_10, place=0)
        with django_assert_num_queries(0):
            assert call_times.choices(now + timedelta(minutes=2, seconds=29)) is before
        with translation.override("es"):
            assert call_times.choices(now) != before
        assert call_times.choices(now + timedelta(minutes=2, seconds=31)) != before
    assert call_times.choices(now) != before


@pytest.mark.usefixtures("office_hours")
def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    OfficeHours.objects.create(site=SiteSettings.load(), weekday=6, opens_at=time(1), closes_at=time(3))
    saturday = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    assert [words.replace("\u00a0", " ") for _value, words in call_times.choices(saturday) if "Nov 1," in words] == [
        "Sun, Nov 1, 1 a.m. EDT",
        "Sun, Nov 1, 1 a.m. EST",
        "Sun, Nov 1, 2 a.m.",
    ]


@pytest.mark.usefixtures("office_hours")
def test_a_time_is_told_in_words_at_the_clock_of_the_office() -> None:
    assert call_times.day_and_time(WEDNESDAY_AT_10) == "Wednesday, November 25, 10\u00a0a.m."


@given(
    st.text() | st.sampled_from(["2026-11-25T15:00", "2026-11-25T25:00Z", "2026-11-25T15:00:00Z", "0000-01-01T00:00Z"])
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert call_times.read(text) is None


# --- Claiming -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("office_hours")
def test_a_claim_in_time_holds_the_place_and_writes_nothing_into_the_timeline() -> None:
    enquiry = make_enquiry()
    assert call_times.claim(enquiry, WEDNESDAY_AT_10)
    assert call_times.of(enquiry) == WEDNESDAY_AT_10
    assert not EnquiryEvent.objects.exists()
    # Once more, as from the spool.
    assert call_times.claim(enquiry, WEDNESDAY_AT_10)
    assert CallTime.objects.count() == 1


@pytest.mark.usefixtures("office_hours")
@pytest.mark.parametrize(
    "never_offered",
    [
        NOW + timedelta(hours=1),  # too near
        WEDNESDAY_AT_10 + timedelta(minutes=30),  # between two
        WEDNESDAY_AT_10 + timedelta(days=1),  # a holiday
        WEDNESDAY_AT_10 + timedelta(days=365),  # too far
    ],
)
def test_a_time_that_is_not_offered_is_not_given(never_offered: datetime) -> None:
    assert not call_times.claim(make_enquiry(), never_offered)
    assert not CallTime.objects.exists()


@pytest.mark.usefixtures("office_hours")
def test_who_comes_too_late_keeps_the_enquiry() -> None:
    assert call_times.claim(make_enquiry(), WEDNESDAY_AT_10)
    with transaction.atomic():
        late = make_enquiry()
        assert not call_times.claim(late, WEDNESDAY_AT_10)
    assert Enquiry.objects.filter(pk=late.pk).exists()
    assert call_times.of(late) is None


@pytest.mark.usefixtures("office_hours")
def test_what_waited_for_the_database_is_measured_when_it_is_stored() -> None:
    assert not call_times.claim(make_enquiry(), WEDNESDAY_AT_10, now=WEDNESDAY_AT_10 - timedelta(minutes=30))


@pytest.mark.usefixtures("office_hours")
def test_another_time_replaces_the_first_and_is_told_to_staff() -> None:
    enquiry, staff = make_enquiry(), make_staff()
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    at_11 = WEDNESDAY_AT_10 + timedelta(hours=1)
    assert call_times.claim(enquiry, at_11, is_change=True, by=staff)
    assert call_times.of(enquiry) == at_11
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.call_at, event.actor) == (EnquiryEvent.Kind.CALL_TIME, at_11, staff)
    # The first one is free again.
    assert call_times.claim(make_enquiry(), WEDNESDAY_AT_10)


@pytest.mark.usefixtures("office_hours")
def test_who_asks_for_a_time_that_is_taken_keeps_the_one_they_had() -> None:
    enquiry, at_11 = make_enquiry(), WEDNESDAY_AT_10 + timedelta(hours=1)
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    call_times.claim(make_enquiry(), at_11)
    assert not call_times.claim(enquiry, at_11, is_change=True)
    assert call_times.of(enquiry) == WEDNESDAY_AT_10
    assert not EnquiryEvent.objects.exists()


@pytest.mark.usefixtures("office_hours")
def test_a_time_that_is_given_up_is_free_and_staff_are_told_once() -> None:
    enquiry = make_enquiry()
    call_times.claim(enquiry, WEDNESDAY_AT_10)
    call_times.give_up(enquiry)
    call_times.give_up(enquiry)
    assert call_times.of(enquiry) is None
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.call_at, event.actor) == (EnquiryEvent.Kind.CALL_TIME, None, None)
    assert WEDNESDAY_AT_10 in call_times.open_slots(NOW)


@pytest.mark.usefixtures("office_hours")
def test_a_place_beyond_what_staff_can_do_now_counts() -> None:
    """They could make three calls at once, and now two."""
    make_settings(calls_at_once=2)
    CallTime.objects.create(enquiry=make_enquiry(), starts_at=WEDNESDAY_AT_10, place=2)
    assert call_times.claim(make_enquiry(), WEDNESDAY_AT_10)
    assert not call_times.claim(make_enquiry(), WEDNESDAY_AT_10)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_claim_one_time_at_once_as_many_get_it_as_can_be_called() -> None:
    make_office_hours()
    make_settings(calls_at_once=2)
    enquiries = [make_enquiry() for _number in range(8)]
    start, outcomes = threading.Barrier(8), []

    def claim(enquiry: Enquiry) -> None:
        try:
            start.wait()
            with transaction.atomic():
                outcomes.append(call_times.claim(enquiry, WEDNESDAY_AT_10, now=NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=[enquiry]) for enquiry in enquiries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 6 + [True] * 2
    assert sorted(CallTime.objects.values_list("starts_at", "place")) == [(WEDNESDAY_AT_10, 0), (WEDNESDAY_AT_10, 1)]


@pytest.mark.django_db(transaction=True)
def test_one_who_waits_for_a_place_gets_it_when_the_other_is_rolled_back() -> None:
    make_office_hours()
    make_settings()
    first, second = make_enquiry(), make_enquiry()
    outcomes: list[bool] = []

    def claim() -> None:
        try:
            outcomes.append(call_times.claim(second, WEDNESDAY_AT_10, now=NOW))
        finally:
            connections.close_all()

    thread = threading.Thread(target=claim)
    with transaction.atomic():
        assert call_times.claim(first, WEDNESDAY_AT_10, now=NOW)
        thread.start()
        transaction.set_rollback(True)
    thread.join()
    assert outcomes == [True]
    assert call_times.of(first) is None


# --- Days on which nobody works -------------------------------------------------------------------------------------


def kept(year: int, **fields: Any) -> dict[date, str]:
    return office.holidays_in(AdmissionsSettings(**fields), year)


def test_federal_holidays_are_kept_on_the_days_that_are_off() -> None:
    """5 U.S.C. 6103: of a Saturday the Friday before, of a Sunday the Monday after."""
    assert {date(2026, 7, 3), date(2026, 7, 4), date(2026, 10, 12), date(2026, 11, 26)} <= kept(2026).keys()
    assert {date(2027, 7, 5), date(2027, 12, 24), date(2027, 12, 31)} <= kept(2027).keys()
    assert date(2026, 11, 27) not in kept(2026)


def test_a_states_holidays_are_kept_beside_them_or_alone() -> None:
    patriots_day, federal_friday = date(2026, 4, 20), date(2026, 7, 3)
    assert patriots_day not in kept(2026)
    # The state itself is not off on that Friday.
    assert {patriots_day, federal_friday} <= kept(2026, holidays_of="MA").keys()
    alone = kept(2026, holidays_of="MA", keeps_holidays=False)
    assert patriots_day in alone
    assert federal_friday not in alone


@pytest.mark.parametrize("state", ["", "XX", "ma", "UM"])
def test_an_unknown_state_has_no_holidays(state: str) -> None:
    assert kept(2026, holidays_of=state, keeps_holidays=False) == {}


def test_every_state_on_the_form_has_holidays() -> None:
    assert len(office.STATES) == 56
    for code, _label in office.STATES:
        assert date(2026, 12, 25) in kept(2026, holidays_of=code, keeps_holidays=False)


@pytest.mark.usefixtures("office_hours")
def test_an_answer_is_promised_for_after_the_days_on_which_nobody_works() -> None:
    Closure.objects.create(settings=make_settings(), first_on=date(2026, 11, 27), last_on=date(2026, 11, 27))
    wednesday_at_3 = WEDNESDAY_AT_10 + timedelta(hours=5)
    # Two hours on Wednesday; Thanksgiving, the closure and the weekend; two hours on Monday.
    assert receiving.respond_by(wednesday_at_3) == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_before_staff_have_set_anything_the_defaults_hold() -> None:
    assert office.settings().call_minutes == 30
    assert office.teens_may_ask_first()


def test_nothing_is_promised_to_a_minor_while_nobody_knows_what_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(model: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(published, "rows", away)
    assert not office.teens_may_ask_first()
