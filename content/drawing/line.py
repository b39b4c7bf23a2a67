"""Milestones on a line: points in proportion to their days, each label straight above its own point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
# What one label takes ("Day 360–365"), with air; room at both ends is half of it.
LABEL, ROW = 80, 18
INSET = LABEL // 2
# Points closer than this share a label: a neighbor's text would stand above them.
APART = INSET + 2
# Longer than this, a mark for each week would be a grey band.
WEEKS_MARKED = 26
# On a narrow screen the line goes down beside the words: so long altogether.
DOWN = 420


@dataclass(frozen=True)
class Point:
    """`x`: of the day itself; `down`: units from here to the next point where the line goes down."""

    day: int
    x: float
    down: int


@dataclass(frozen=True)
class Label:
    """For the points from day `first` to day `last`; `x`: between them, the middle of the text; `y`: its baseline."""

    first: int
    last: int
    x: float
    y: int


@dataclass(frozen=True)
class Line:
    """`y`: of the line; `marks`: path data, one mark a week, '' where they would be too many."""

    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    y: int
    height: int
    marks: str
    leaders: str
    width: int = WIDTH
    start: int = INSET
    end: int = WIDTH - INSET


def draw_line(days: Sequence[int]) -> Line:
    """`days`: of the milestones, at least one; each day is one point. The line begins at day 1, or with a milestone
    before it."""
    distinct = sorted(set(days))
    begin = min(distinct[0], 1)
    span = max(distinct[-1] - begin, 1)

    def x(day: float) -> float:
        return round(INSET + (day - begin) / span * (WIDTH - 2 * INSET), 1)

    following = [*distinct[1:], distinct[-1]]
    points = tuple(
        Point(day, x(day), down=round((after - day) / span * DOWN))
        for day, after in zip(distinct, following, strict=True)
    )
    groups = _groups(points)
    middles = [round((group[0].x + group[-1].x) / 2, 1) for group in groups]
    rows = _rows(middles)
    y = (max(rows) + 1) * ROW + 14
    labels = tuple(
        Label(group[0].day, group[-1].day, middle, y - 14 - row * ROW)
        for group, middle, row in zip(groups, middles, rows, strict=True)
    )
    weeks = math.floor((distinct[-1] - 1) / 7)
    return Line(
        points=points,
        labels=labels,
        y=y,
        height=y + 12,
        marks="".join(f"M{x(1 + 7 * week)} {y - 4}v8" for week in range(1, weeks + 1)) if weeks <= WEEKS_MARKED else "",
        leaders="".join(f"M{label.x} {label.y + 4}V{y}" for label, row in zip(labels, rows, strict=True) if row),
    )


def _groups(points: Sequence[Point]) -> list[list[Point]]:
    """`points` in order, those that share a label together."""
    groups: list[list[Point]] = []
    for point in points:
        if groups and point.x - groups[-1][-1].x < APART:
            groups[-1].append(point)
        else:
            groups.append([point])
    return groups


def _rows(middles: Sequence[float]) -> list[int]:
    """For labels in order, at least APART from each other: 0 for the row next to the line, 1 for the one above it where
    there is no room beside the last label. Of two neighbors one is always in the lower row, so two rows are enough."""
    rows: list[int] = []
    right = -math.inf
    for middle in middles:
        rows.append(int(middle - right < LABEL))
        if not rows[-1]:
            right = middle
    return rows
