"""Milestones on a line: points in proportion to their days, and labels that never touch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
# Room at both ends, half a label wide; and what one label takes, with air.
INSET, LABEL, ROW = 32, 64, 18
IN_A_ROW = (WIDTH - 2 * INSET) // LABEL + 1
# Longer than this, a mark for each week would be a grey band.
WEEKS_MARKED = 26
# On a narrow screen the line goes down beside the words: so long altogether.
DOWN = 420


@dataclass(frozen=True)
class Point:
    """`x`: of the day itself; `label_x` and `label_y`: the middle of its label's baseline; `down`: units from here to
    the next point where the line goes down."""

    day: int
    x: float
    label_x: float
    label_y: float
    down: int


@dataclass(frozen=True)
class Line:
    """`y`: of the line; `marks`: path data, one mark a week, '' where they would be too many."""

    points: tuple[Point, ...]
    y: int
    height: int
    marks: str
    leaders: str
    width: int = WIDTH
    start: int = INSET
    end: int = WIDTH - INSET


def draw_line(days: Sequence[int]) -> Line:
    """`days`: of the milestones, at least one; each day is one point. Day 1 or earlier stands at the beginning."""
    distinct = sorted(set(days))
    span = max(distinct[-1] - 1, 1)

    def x(day: float) -> float:
        return round(INSET + (max(day, 1) - 1) / span * (WIDTH - 2 * INSET), 1)

    rows = math.ceil(len(distinct) / IN_A_ROW)
    y = rows * ROW + 14
    labels: dict[int, tuple[float, float]] = {}
    for row in range(rows):
        members = distinct[row::rows]
        # The nearest row is the lowest: its labels need no leader across another's.
        baseline = y - 14 - row * ROW
        labels |= {day: (at, baseline) for day, at in zip(members, spread([x(day) for day in members]), strict=True)}
    following = [*distinct[1:], distinct[-1]]
    points = tuple(
        Point(day, x(day), *labels[day], down=round((after - day) / span * DOWN))
        for day, after in zip(distinct, following, strict=True)
    )
    weeks = math.floor(span / 7)
    return Line(
        points=points,
        y=y,
        height=y + 12,
        marks="".join(f"M{x(1 + 7 * week)} {y - 4}v8" for week in range(1, weeks + 1)) if weeks <= WEEKS_MARKED else "",
        leaders="".join(
            f"M{point.label_x} {point.label_y + 4}L{point.x} {y}" for point in points if point.label_x != point.x
        ),
    )


def spread(wanted: Sequence[float]) -> list[float]:
    """`wanted` middles in order, at most IN_A_ROW of them, moved so that they stand LABEL apart and inside of the
    drawing."""
    middles: list[float] = []
    for middle in wanted:
        middles.append(max(middle, middles[-1] + LABEL) if middles else middle)
    limit = float(WIDTH - INSET)
    for number in range(len(middles) - 1, -1, -1):
        middles[number] = min(middles[number], limit)
        limit = middles[number] - LABEL
    return [round(middle, 1) for middle in middles]
