"""What the templates of drawn blocks are given: the drawing, and the same in values that a template puts into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from content.drawing.line import draw_line
from content.drawing.week import MIDNIGHT, draw_week
from content.models import LevelOfCare

Block = dict[str, Any]


@dataclass(frozen=True)
class WeekChoice:
    """Which week a reader asked for. `days`: None where nothing was asked; `path`: of the page, '' where its address
    cannot choose, as in a preview."""

    days: int | None = None
    path: str = ""


NO_CHOICE = WeekChoice()


def week_context(level: LevelOfCare | None, choice: WeekChoice, heading_id: str) -> dict[str, Any]:
    """Empty without a level. Days outside of the level's range are the fewest that it has."""
    if level is None:
        return {}
    least, most = sorted((_a_day(level.days_per_week_from), _a_day(level.days_per_week_to)))
    days = choice.days if choice.days and least <= choice.days <= most else least
    begin, ends = _clock(level)
    week = draw_week(days, float(level.hours_per_day_from), float(level.hours_per_day_to), begin)
    offered = range(least, most + 1) if choice.path and least < most else ()
    return {
        "care": level,
        "week": week,
        "days": days,
        "choices": [
            # The week that is shown without being asked for has the page's own address.
            {"days": number, "address": f"{choice.path}{'' if number == least else f'?days={number}'}#{heading_id}"}
            for number in offered
        ],
        "with_care": _names(week.days),
        "ends": ends,
        "hours_from": days * level.hours_per_day_from,
        "hours_to": days * level.hours_per_day_to,
        "day_labels": [(WEEKDAYS_ABBR[label.value], label) for label in week.day_labels],
        "hour_labels": [(label.value if begin is None else _time(label.value), label) for label in week.hour_labels],
    }


def milestones_context(blocks: Sequence[Block]) -> dict[str, Any]:
    """`milestones`: by day, as the line has them, each with the length of line that leads from it to the next."""
    ordered = sorted(blocks, key=lambda block: block["day"])
    line = draw_line([block["day"] for block in ordered])
    down = {point.day: point.down for point in line.points}
    after = [block["day"] for block in ordered[1:]] + [None]
    return {
        "line": line,
        "milestones": [
            # Of several on one day, the last leads on.
            (block, down[block["day"]] if block["day"] != following else 0)
            for block, following in zip(ordered, after, strict=True)
        ],
    }


def _clock(level: LevelOfCare) -> tuple[float | None, list[time]]:
    """When a day begins, in hours since midnight, and when the shortest and the longest one end; nothing where no start
    is set, or a day would go past midnight."""
    if level.starts_at is None:
        return None, []
    begin = level.starts_at.hour + level.starts_at.minute / 60
    ends = sorted({begin + float(hours) for hours in (level.hours_per_day_from, level.hours_per_day_to)})
    return (begin, [_time(end) for end in ends]) if ends[-1] <= MIDNIGHT else (None, [])


def _time(hours: float) -> time:
    minutes = round(hours * 60)
    return time(minutes // 60 % 24, minutes % 60)


def _a_day(days: int) -> int:
    return min(max(days, 1), 7)


def _names(days: Iterable[int]) -> str:
    return ", ".join(str(WEEKDAYS[day]) for day in days)
