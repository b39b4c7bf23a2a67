"""The promise, by when someone answers, and the times for calls: both out of open hours. Pure; imports no models.

`hours` are rows with `weekday` (Monday is 0), `opens_at` and `closes_at` (local times); `zone` is the office's;
`is_closed` says of a day there that nobody works. Open time is counted as it passes, so a stretch across a change of
the clocks is an hour longer or shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# The promise: someone answers within this much open time.
RESPONSE_OPEN_TIME = timedelta(hours=4)
_SHOWN_STEP = timedelta(minutes=15)
_HORIZON_DAYS = 366


class Hours(Protocol):
    weekday: int
    opens_at: time
    closes_at: time


def never(day: date) -> bool:
    """For an office without closed days."""
    return False


def respond_by(
    at: datetime,
    hours: Sequence[Hours],
    zone: ZoneInfo,
    is_closed: Callable[[date], bool] = never,
    within: timedelta = RESPONSE_OPEN_TIME,
) -> datetime | None:
    """When `within` of open hours after `at` has passed, up to the next quarter of an hour but not past
    closing; None when the office has no hours, or too few within a year. In UTC."""
    left = within
    for opens, closes in _stretches(at, hours, zone, is_closed):
        start = max(opens, at.astimezone(UTC))
        if closes - start >= left:
            return min(_to_quarter(start + left), closes)
        left -= closes - start
    return None


def call_starts(
    after: datetime,
    until: date,
    hours: Sequence[Hours],
    zone: ZoneInfo,
    is_closed: Callable[[date], bool],
    length: timedelta,
) -> list[datetime]:
    """Every start, at `after` or later and up to the day `until` there, of a call that takes `length` and is over
    before the office closes. They follow one another from opening on. In UTC."""
    starts = []
    for opens, closes in _stretches(after, hours, zone, is_closed):
        if opens.astimezone(zone).date() > until:
            break
        starts += [opens + number * length for number in range((closes - opens) // length)]
    return [start for start in starts if start >= after]


def _stretches(
    at: datetime, hours: Sequence[Hours], zone: ZoneInfo, is_closed: Callable[[date], bool]
) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches that end after `at`, in order, in UTC; those that overlap or meet are one."""
    first_day = at.astimezone(zone).date()
    waiting: tuple[datetime, datetime] | None = None
    for offset in range(_HORIZON_DAYS if hours else 0):
        day = first_day + timedelta(days=offset)
        for start, end in [] if is_closed(day) else _stretches_on(day, hours, zone):
            if end <= at:
                continue
            if waiting and start <= waiting[1]:
                waiting = (waiting[0], max(waiting[1], end))
                continue
            if waiting:
                yield waiting
            waiting = (start, end)
    if waiting:
        yield waiting


def _stretches_on(day: date, hours: Sequence[Hours], zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    def moment(at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)

    return sorted(
        (moment(row.opens_at), moment(row.closes_at))
        for row in hours
        if row.weekday == day.weekday() and moment(row.opens_at) < moment(row.closes_at)
    )


def _to_quarter(at: datetime) -> datetime:
    return at + (datetime.min.replace(tzinfo=UTC) - at) % _SHOWN_STEP
