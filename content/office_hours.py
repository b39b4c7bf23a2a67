"""Office hours in the words people use: 'Monday to Friday, 9 a.m. – 6 p.m.', 'Eastern Time'. Reads no database."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import time
from typing import NamedTuple, Protocol

from django.utils.formats import time_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NO_BREAK_SPACE = "\u00a0"

# What people in the US call the zones they live in. Places that share a clock share a name.
ZONE_NAMES = {
    "America/New_York": gettext_lazy("Eastern Time"),
    "America/Detroit": gettext_lazy("Eastern Time"),
    "America/Indiana/Indianapolis": gettext_lazy("Eastern Time"),
    "America/Kentucky/Louisville": gettext_lazy("Eastern Time"),
    "America/Chicago": gettext_lazy("Central Time"),
    "America/Denver": gettext_lazy("Mountain Time"),
    "America/Boise": gettext_lazy("Mountain Time"),
    "America/Phoenix": gettext_lazy("Arizona Time"),
    "America/Los_Angeles": gettext_lazy("Pacific Time"),
    "America/Anchorage": gettext_lazy("Alaska Time"),
    "America/Puerto_Rico": gettext_lazy("Atlantic Time"),
    "Pacific/Honolulu": gettext_lazy("Hawaii Time"),
    "Pacific/Guam": gettext_lazy("Chamorro Time"),
}


class Stretch(Protocol):
    """One row of `content.models.OfficeHours`."""

    weekday: int
    opens_at: time
    closes_at: time

    def get_weekday_display(self) -> str: ...


class Line(NamedTuple):
    """Neighbouring days with the same hours, both parts ready to be shown."""

    days: str
    hours: str


def zone_name(key: str) -> str:
    """The name of an IANA zone for readers; an unknown one is named after its place: 'Toronto time'."""
    if key in ZONE_NAMES:
        return str(ZONE_NAMES[key])
    return _("%(place)s time") % {"place": key.rsplit("/", 1)[-1].replace("_", " ")}


def grouped_hours(rows: Iterable[Stretch]) -> list[Line]:
    """`rows` (in any order) as one line for each run of days that follow each other and have the same hours.
    A day without hours is not mentioned."""
    in_order = sorted(rows, key=lambda row: (row.weekday, row.opens_at))
    days = [list(run) for _day, run in itertools.groupby(in_order, key=lambda row: row.weekday)]
    runs: list[list[list[Stretch]]] = []
    for day in days:
        previous = runs[-1][-1] if runs else None
        if previous and day[0].weekday == previous[0].weekday + 1 and _hours(day) == _hours(previous):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [Line(_days([day[0] for day in run]), _hours(run[0])) for run in runs]


def _days(firsts: list[Stretch]) -> str:
    names = [str(first.get_weekday_display()) for first in firsts]
    if len(names) > 2:
        return capfirst(_("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]})
    return capfirst(get_text_list(names, _("and")))


def _hours(day: list[Stretch]) -> str:
    stretches = [f"{_clock(row.opens_at)} – {_clock(row.closes_at)}" for row in day]
    return get_text_list(stretches, _("and"))


def _clock(value: time) -> str:
    return time_format(value, "TIME_FORMAT").replace(" ", NO_BREAK_SPACE)
