"""The promise: by when someone answers, counted in open hours. Pure functions; imports no models.

`hours` are rows with `weekday` (Monday is 0), `opens_at` and `closes_at` (local times); `zone` is the office's.
Open time is counted as it passes, so a stretch across a change of the clocks is an hour longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def respond_by(at: datetime, hours: Sequence[Hours], zone: ZoneInfo) -> datetime | None:
    """When RESPONSE_OPEN_TIME of open hours after `at` has passed, up to the next quarter of an hour but not past
    closing; None when the office has no hours, or too few within a year. In UTC."""
    left = RESPONSE_OPEN_TIME
    for opens, closes in _stretches(at, hours, zone):
        start = max(opens, at.astimezone(UTC))
        if closes - start >= left:
            return min(_to_quarter(start + left), closes)
        left -= closes - start
    return None


def _stretches(at: datetime, hours: Sequence[Hours], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches that end after `at`, in order, in UTC; those that overlap or meet are one."""
    first_day = at.astimezone(zone).date()
    waiting: tuple[datetime, datetime] | None = None
    for offset in range(_HORIZON_DAYS if hours else 0):
        for start, end in _stretches_on(first_day + timedelta(days=offset), hours, zone):
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
