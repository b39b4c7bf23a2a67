"""A week in the program: seven windows, the hours of care lit in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Which days are drawn for so many days a week, 0 is Monday: spread out, so that a day off follows a hard one.
EXAMPLES = {
    1: (2,),
    2: (1, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
# The part of a day that is always shown; an earlier start or a later end widens it.
MORNING, EVENING, MIDNIGHT = 8.0, 20.0, 24.0

# Beside the windows there is room for the widest hour: "mediodía".
WIDTH, HEIGHT = 316, 224
LEFT, STEP, PANE = 64, 36, 28
NAMES_Y, TOP, SILL = 13, 38, 218
ARCH = PANE / 2


@dataclass(frozen=True)
class Label:
    """`value`: an hour or a day, for the template to word; `x` and `y`: of its baseline."""

    value: float
    x: float
    y: float


@dataclass(frozen=True)
class Week:
    """`days`: those with care, 0 is Monday. The rest are SVG path data: the hours that are sure (`lit`) with bars
    between them, those up to the longest day (`more`), the windows of days with and without care, and their sill."""

    days: tuple[int, ...]
    lit: str
    bars: str
    more: str
    windows: str
    free: str
    sill: str
    day_labels: tuple[Label, ...]
    hour_labels: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT


def draw_week(days: int, shortest: float, longest: float, starts_at: float | None) -> Week:
    """`days` 1–7 a week; `shortest` and `longest` day in hours; `starts_at` in hours since midnight, or None where no
    clock is shown: then hours are counted from the sill up. With a clock the longest day must end by midnight."""
    if starts_at is None:
        first, last = 0.0, max(EVENING - MORNING, longest)
        begin = last - longest
    else:
        first, last = min(MORNING, float(int(starts_at))), max(EVENING, starts_at + longest)
        begin = starts_at
    unit = (SILL - TOP) / (last - first)

    def y(hour: float) -> float:
        return round(TOP + (hour - first) * unit, 1)

    with_care = EXAMPLES[days]
    # Counted from the sill, the sure hours stand on it and the further ones above them.
    sure = (begin, begin + shortest) if starts_at is not None else (last - shortest, last)
    further = (begin + shortest, begin + longest) if starts_at is not None else (begin, last - shortest)
    bars = [y(sure[0] + hour) for hour in range(1, int(shortest) + (shortest % 1 > 0))]
    columns = [_x(day) for day in with_care]
    return Week(
        days=with_care,
        lit="".join(_pane(x, y(sure[0]), y(sure[1])) for x in columns),
        bars="".join(f"M{x} {bar}h{PANE}" for x in columns for bar in bars),
        more="".join(_pane(x, y(further[0]), y(further[1])) for x in columns) if longest > shortest else "",
        windows="".join(_window(x) for x in columns),
        free="".join(_window(_x(day)) for day in range(7) if day not in with_care),
        sill=f"M{LEFT - 4} {SILL + 4}H{WIDTH - 1}",
        day_labels=tuple(Label(day, _x(day) + ARCH, NAMES_Y) for day in range(7)),
        hour_labels=tuple(_hour_labels(first, last, starts_at is not None, y)),
    )


def _x(day: int) -> int:
    return LEFT + day * STEP


def _pane(x: float, top: float, bottom: float) -> str:
    return f"M{x} {top}h{PANE}V{bottom}h-{PANE}z"


def _window(x: float) -> str:
    """Its arch stands above the first hour, so that an hour is as wide at the top as at the foot."""
    return f"M{x} {SILL}V{TOP}a{ARCH:g} {ARCH:g} 0 0 1 {PANE} 0V{SILL}z"


def _hour_labels(first: float, last: float, has_clock: bool, y: Callable[[float], float]) -> Iterator[Label]:
    """At every fourth hour, with the middle of the figures on the hour's line."""
    for hour in range(math.ceil(first / 4) * 4, math.floor(last) + 1, 4):
        if has_clock:
            yield Label(hour, LEFT - 7, y(hour) + 4)
        elif hour:
            yield Label(hour, LEFT - 7, y(last - hour) + 4)
