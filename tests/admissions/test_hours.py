from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.hours import RESPONSE_OPEN_TIME, call_starts, never, respond_by

NEW_YORK = ZoneInfo("America/New_York")
SLOT = timedelta(minutes=15)


@dataclass(frozen=True)
class Row:
    weekday: int
    opens_at: time
    closes_at: time


WEEKDAYS = [Row(weekday, time(9), time(17)) for weekday in range(5)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        ("2026-11-24 09:00", "2026-11-24 13:00"),  # Tuesday, at opening
        ("2026-11-24 10:07", "2026-11-24 14:15"),  # up to the next quarter of an hour
        ("2026-11-24 03:00", "2026-11-24 13:00"),  # before opening
        ("2026-11-24 15:00", "2026-11-25 11:00"),  # two hours today, two tomorrow
        ("2026-11-24 17:00", "2026-11-25 13:00"),  # at closing
        ("2026-11-27 15:30", "2026-11-30 11:30"),  # over a weekend
        ("2026-11-28 12:00", "2026-11-30 13:00"),  # on a Saturday
    ],
)
def test_an_answer_is_promised_within_four_open_hours(received: str, answer_by: str) -> None:
    assert respond_by(at(received), WEEKDAYS, NEW_YORK) == at(answer_by)


def test_without_office_hours_nothing_is_promised() -> None:
    assert respond_by(at("2026-11-24 10:00"), [], NEW_YORK) is None


def test_a_minute_a_week_is_too_little_to_promise_anything() -> None:
    assert respond_by(at("2026-11-24 10:00"), [Row(0, time(9), time(9, 1))], NEW_YORK) is None


@pytest.mark.parametrize(
    ("received", "answer_by"),
    [
        # Clocks go forward on Sunday, March 8: 01:00–06:00 is four hours long.
        ("2026-03-08 00:30", "2026-03-08 06:00"),
        # Clocks go back on Sunday, November 1: 01:00–05:00 is five hours long.
        ("2026-11-01 00:30", "2026-11-01 04:00"),
    ],
)
def test_open_time_is_counted_as_it_passes_when_the_clocks_change(received: str, answer_by: str) -> None:
    assert respond_by(at(received), [Row(6, time(1), time(6))], NEW_YORK) == at(answer_by)


def test_opening_stays_at_nine_on_the_wall_through_a_change_of_the_clocks() -> None:
    received = at("2026-10-30 18:00")
    answer_by = respond_by(received, WEEKDAYS, NEW_YORK)
    assert answer_by == at("2026-11-02 13:00")
    assert answer_by.astimezone(NEW_YORK).time() == time(13)
    # An hour more than the clocks on the wall say.
    assert answer_by - received.astimezone(UTC) == timedelta(days=2, hours=20)


def test_stretches_that_overlap_are_counted_once() -> None:
    rows = [Row(1, time(9), time(12)), Row(1, time(10), time(17)), Row(1, time(9, 30), time(11))]
    assert respond_by(at("2026-11-24 09:00"), rows, NEW_YORK) == at("2026-11-24 13:00")


def test_a_break_at_midday_is_not_counted() -> None:
    rows = [Row(1, time(13), time(17)), Row(1, time(9), time(12))]
    assert respond_by(at("2026-11-24 09:00"), rows, NEW_YORK) == at("2026-11-24 14:00")


def test_rounding_never_goes_past_closing() -> None:
    assert respond_by(at("2026-11-24 09:01"), [Row(1, time(9), time(13, 2))], NEW_YORK) == at("2026-11-24 13:02")


def test_a_stretch_that_ends_before_it_begins_is_none() -> None:
    assert respond_by(at("2026-11-24 08:00"), [Row(1, time(17), time(9))], NEW_YORK) is None


def test_days_on_which_nobody_works_are_not_counted() -> None:
    thanksgiving, friday = date(2026, 11, 26), date(2026, 11, 27)
    answer_by = respond_by(at("2026-11-25 15:00"), WEEKDAYS, NEW_YORK, {thanksgiving, friday}.__contains__)
    assert answer_by == at("2026-11-30 11:00")


def test_an_office_that_is_closed_for_a_year_promises_nothing() -> None:
    assert respond_by(at("2026-11-24 10:00"), WEEKDAYS, NEW_YORK, lambda day: True) is None


def starts_on(
    day: str, *rows: Row, after: str = "", minutes: int = 60, zone: ZoneInfo = NEW_YORK, is_closed: Any = never
) -> list[str]:
    """The clock on the wall at each start of a call on `day`, or from `after` on."""
    begin = at(after or f"{day} 00:00").replace(tzinfo=zone)
    starts = call_starts(begin, date.fromisoformat(day), rows, zone, is_closed, timedelta(minutes=minutes))
    assert all(start.tzinfo is UTC for start in starts)
    return [f"{start.astimezone(zone):%H:%M}" for start in starts]


def test_calls_follow_one_another_from_opening_and_are_over_before_closing() -> None:
    rows = Row(1, time(9, 15), time(12)), Row(1, time(13), time(14, 30))
    assert starts_on("2026-11-24", *rows) == ["09:15", "10:15", "13:00"]
    assert starts_on("2026-11-24", *rows, minutes=90) == ["09:15", "13:00"]
    assert starts_on("2026-11-24", *rows, minutes=180) == []


def test_a_call_that_has_begun_is_not_offered() -> None:
    row = Row(1, time(9), time(12))
    assert starts_on("2026-11-24", row, after="2026-11-24 10:00") == ["10:00", "11:00"]
    assert starts_on("2026-11-24", row, after="2026-11-24 10:01") == ["11:00"]


def test_no_call_is_offered_after_the_last_day_or_on_a_closed_one() -> None:
    everyday = [Row(weekday, time(9), time(10)) for weekday in range(7)]
    assert starts_on("2026-11-25", *everyday, after="2026-11-24 09:00") == ["09:00", "09:00"]
    assert starts_on("2026-11-24", *everyday, is_closed={date(2026, 11, 24)}.__contains__) == []


def test_calls_through_the_night_of_a_change_of_the_clocks_take_their_whole_time() -> None:
    row = Row(6, time(0), time(4))
    assert starts_on("2026-03-08", row) == ["00:00", "01:00", "03:00"]
    assert starts_on("2026-11-01", row) == ["00:00", "01:00", "01:00", "02:00", "03:00"]


def test_a_day_may_begin_without_midnight() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    # There, the clock went from 23:59 on Saturday to 01:00 on Sunday.
    assert starts_on("2026-03-29", Row(6, time(0), time(3)), after="2026-03-28 23:00", zone=beirut) == [
        "01:00",
        "02:00",
    ]


# Not between 1 and 4 in the morning, where a time on the wall may come twice or not at all.
quarters = st.integers(5 * 4, 23 * 4).map(lambda number: time(number // 4, number % 4 * 15))
rows = st.builds(Row, st.integers(0, 6), quarters, quarters)
moments = st.integers(0, 2 * 365 * 24 * 4).map(lambda number: datetime(2026, 1, 1, tzinfo=UTC) + number * SLOT)
zones = st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Honolulu", "Asia/Kathmandu"]).map(ZoneInfo)


@given(moments, st.lists(rows, max_size=8), zones)
def test_between_the_enquiry_and_the_promise_lie_four_open_hours(
    received: datetime, hours: list[Row], zone: ZoneInfo
) -> None:
    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(zone)
        return any(row.weekday == local.weekday() and row.opens_at <= local.time() < row.closes_at for row in hours)

    answer_by = respond_by(received, hours, zone)
    if answer_by is None:
        assert not any(row.opens_at < row.closes_at for row in hours)
        return
    slots = [received + number * SLOT for number in range((answer_by - received) // SLOT)]
    assert sum(is_open(slot) for slot in slots) * SLOT == RESPONSE_OPEN_TIME
    assert is_open(answer_by - SLOT)


@given(
    moments, st.lists(rows, max_size=6), zones, st.integers(10, 120), st.integers(0, 31), st.sets(st.integers(0, 31))
)
def test_every_call_is_within_one_open_stretch_of_an_open_day_and_none_overlap(
    after: datetime, hours: list[Row], zone: ZoneInfo, minutes: int, days: int, closed: set[int]
) -> None:
    length, first = timedelta(minutes=minutes), after.astimezone(zone).date()
    until, closed_days = first + timedelta(days=days), {first + timedelta(days=number) for number in closed}
    starts = call_starts(after, until, hours, zone, closed_days.__contains__, length)
    assert all(later - earlier >= length for earlier, later in pairwise(starts))
    for start in starts:
        local = start.astimezone(zone)
        assert start >= after
        assert local.date() in {first + timedelta(days=number) for number in range(days + 1)} - closed_days
        minutes_of_it = [(start + timedelta(minutes=number)).astimezone(zone) for number in range(minutes)]
        assert all(
            any(row.weekday == one.weekday() and row.opens_at <= one.time() < row.closes_at for row in hours)
            for one in minutes_of_it
        )


@given(moments, st.lists(rows, min_size=1, max_size=4), zones, st.integers(10, 120))
def test_a_stretch_that_is_long_enough_has_its_first_call_at_opening(
    after: datetime, hours: list[Row], zone: ZoneInfo, minutes: int
) -> None:
    length, until = timedelta(minutes=minutes), after.astimezone(zone).date() + timedelta(days=8)
    starts = {
        start.astimezone(zone).replace(tzinfo=None) for start in call_starts(after, until, hours, zone, never, length)
    }
    alone = [row for row in hours if not any(other.weekday == row.weekday and other is not row for other in hours)]
    day = after.astimezone(zone).date() + timedelta(days=1)
    for row in alone:
        opens, closes = (
            datetime.combine(day + timedelta(days=(row.weekday - day.weekday()) % 7), clock)
            for clock in (row.opens_at, row.closes_at)
        )
        assert (opens in starts) == (closes - opens >= length)
