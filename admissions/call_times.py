"""Call-back times: what a visitor may choose from, and the claim on one of them, which the database decides.

A time is its start, in UTC. It is free while fewer calls than staff can make at once overlap it.
"""

from __future__ import annotations

import itertools
import logging
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import db
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from admissions import hours, office
from admissions.choices import SAFE_HOURS, BestTime
from admissions.models import CallTime, Enquiry, EnquiryEvent
from admissions.office import settings
from content import published
from content.office_hours import zone_name

logger = logging.getLogger(__name__)
# A time that is taken meanwhile goes on being offered for so long, and is then refused by `claim`.
OFFERED_ANEW_AFTER = timedelta(seconds=30)
VALUE_FORMAT = "%Y-%m-%dT%H:%MZ"
NO_BREAK_SPACE = "\u00a0"

# Of a select: value and label.
Choice = tuple[str, str]


class _Taken(Exception):
    """Undoes what was done before it came out."""


# --- Which times there are ------------------------------------------------------------------------------------------


def slots(now: datetime) -> list[datetime]:
    """Every time that staff offer, taken or not. Raises django.db.Error where nobody knows the office hours."""
    offered, zone = settings(), published.site_settings().zone
    if not offered.offers_call_times:
        return []
    return hours.call_starts(
        now + timedelta(minutes=offered.notice_minutes),
        now.astimezone(zone).date() + timedelta(days=offered.days_ahead),
        published.office_hours(),
        zone,
        office.closed_days(),
        timedelta(minutes=offered.call_minutes),
    )


def open_slots(now: datetime) -> list[datetime]:
    """Those of `slots` that are free; [] while the database is away."""
    try:
        offered = slots(now)
        if not offered:
            return []
        length, at_once = timedelta(minutes=settings().call_minutes), settings().calls_at_once
        taken = list(_near(offered[0], offered[-1], length).values_list("starts_at", flat=True))
    except db.Error as error:
        logger.error("No call-back times are offered: the database is away (%s).", type(error).__name__)
        return []
    return [
        slot for slot in offered if bisect_left(taken, slot + length) - bisect_right(taken, slot - length) < at_once
    ]


def _near(first: datetime, last: datetime, length: timedelta) -> QuerySet[CallTime]:
    """The calls that overlap one from `first` to `last`, in order; also those that were agreed on before staff changed
    how long a call takes."""
    return CallTime.objects.filter(starts_at__gt=first - length, starts_at__lt=last + length)


# --- Choosing -------------------------------------------------------------------------------------------------------


def choices(now: datetime | None = None) -> list[Choice]:
    """For a select, in this request's language and at the office's clock: “as soon as possible”, whose value is '', and
    what is free. Within a moment it is read anew every half minute, so a time may be taken already; while
    nothing has changed, it is the same list."""
    now, language = now or timezone.now(), published.language()
    kept: dict[str, tuple[datetime, list[Choice]]] = published.known("call times", dict)
    before, made = kept.get(language, (None, []))
    if before is None or not timedelta() <= now - before < OFFERED_ANEW_AFTER:
        anew = [("", _("As soon as possible")), *named(open_slots(now))]
        made = made if made == anew else anew
        kept[language] = now, made
    return made


def named(free: Iterable[datetime]) -> list[Choice]:
    """Each with its day: a select that is closed shows what was chosen, and not the name of a group."""
    zone = published.site_settings().zone
    return [(value_of(slot), _short(slot.astimezone(zone))) for slot in free]


def _short(local: datetime) -> str:
    day = date_format(local, pgettext("a short day, in the letters of the date filter", "D, M j"))
    return _("%(day)s, %(time)s") % {"day": capfirst(day), "time": _time(local)}


def by_day(free: Iterable[datetime]) -> list[tuple[str, list[Choice]]]:
    zone = published.site_settings().zone
    days = itertools.groupby((slot.astimezone(zone) for slot in free), key=lambda local: local.date())
    return [(_day(day), [(value_of(local), _time(local)) for local in local_times]) for day, local_times in days]


def zone() -> str:
    """Of the times, in words: it is said beside every list of them."""
    return zone_name(published.site_settings().time_zone)


def _day(day: date) -> str:
    return f"{capfirst(date_format(day, 'l'))}, {date_format(day, 'MONTH_DAY_FORMAT')}"


def _time(local: datetime) -> str:
    """With the name of the clock in the hour that comes twice a year."""
    text = time_format(local.time(), "TIME_FORMAT")
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return (f"{text} {local.tzname()}" if is_twice else text).replace(" ", NO_BREAK_SPACE)


def day_and_time(starts_at: datetime) -> str:
    """In words, at the office's clock."""
    local = starts_at.astimezone(published.site_settings().zone)
    return _("%(day)s, %(time)s") % {"day": _day(local), "time": _time(local)}


def value_of(starts_at: datetime) -> str:
    return starts_at.astimezone(UTC).strftime(VALUE_FORMAT)


def read(value: str) -> datetime | None:
    """The other way round; None for what is no time, and for ''."""
    try:
        return datetime.strptime(value, VALUE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_within(starts_at: datetime, best_times: Collection[str]) -> bool:
    """Whether it begins in one of these parts of the day; BestTime values, none for any time."""
    hour = starts_at.astimezone(published.site_settings().zone).hour
    is_any = not best_times or BestTime.ANY in best_times
    return is_any or any(first <= hour < last for first, last in map(SAFE_HOURS.__getitem__, best_times))


# --- Claiming -------------------------------------------------------------------------------------------------------


def of(enquiry: Enquiry) -> datetime | None:
    """When `enquiry` is to be called; None for as soon as possible."""
    return CallTime.objects.filter(enquiry=enquiry).values_list("starts_at", flat=True).first()


def claim(
    enquiry: Enquiry,
    starts_at: datetime,
    *,
    now: datetime | None = None,
    is_change: bool = False,
    by: Any = None,
    at: datetime | None = None,
) -> bool:
    """Whether `enquiry` has the time now. It keeps the one it had, if any, where this one is taken or not offered.

    Within the caller's transaction, if there is one. `is_change`: it was sent before, so its timeline says so, `by`
    whom (None: the visitor) and `at` what time (None: now). Raises django.db.Error.
    """
    try:
        with transaction.atomic():
            before = _held(enquiry)
            if before == starts_at:
                return True
            if starts_at not in slots(now or timezone.now()):
                return False
            _let_go(enquiry)
            if not _take(enquiry, starts_at):
                raise _Taken
            if is_change:
                _record(enquiry, starts_at, by, at)
    except _Taken:
        return False
    return True


def give_up(enquiry: Enquiry, *, by: Any = None, at: datetime | None = None) -> None:
    """To be called as soon as possible, from now on."""
    with transaction.atomic():
        if _held(enquiry):
            _let_go(enquiry)
            _record(enquiry, None, by, at)


def _take(enquiry: Enquiry, starts_at: datetime) -> bool:
    """One of the places that look free, or none: whoever was quicker keeps theirs, because (starts_at, place) is unique
    and the database makes the second wait until the first is through."""
    length = timedelta(minutes=settings().call_minutes)
    held = list(_near(starts_at, starts_at, length).values_list("starts_at", "place"))
    places = [place for place in range(settings().calls_at_once) if (starts_at, place) not in held]
    for place in places[: max(0, settings().calls_at_once - len(held))]:
        claimed = CallTime(enquiry=enquiry, starts_at=starts_at, place=place)
        CallTime.objects.bulk_create([claimed], ignore_conflicts=True)
        if CallTime.objects.filter(enquiry=enquiry, starts_at=starts_at, place=place).exists():
            return True
    return False


def _held(enquiry: Enquiry) -> datetime | None:
    """Locks the enquiry, so that two changes of one come after each other."""
    Enquiry.objects.select_for_update().only("pk").get(pk=enquiry.pk)
    return of(enquiry)


def _let_go(enquiry: Enquiry) -> None:
    CallTime.objects.filter(enquiry=enquiry).delete()


def _record(enquiry: Enquiry, call_at: datetime | None, by: Any, at: datetime | None) -> None:
    kind = EnquiryEvent.Kind.CALL_TIME
    EnquiryEvent.objects.create(enquiry=enquiry, kind=kind, call_at=call_at, actor=by, at=at or timezone.now())
