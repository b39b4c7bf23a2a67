from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from content.drawing.ladder import rungs_of
from content.drawing.line import IN_A_ROW, LABEL, ROW, WIDTH, Line, draw_line
from content.drawing.way import FAR, LENGTH, NEAR, bends
from content.drawing.week import EXAMPLES, PANE, SILL, Week, draw_week
from content.models import LevelOfCare

Kind = LevelOfCare.Kind
HALF_HOURS = st.integers(1, 48).map(lambda halves: halves / 2)
DAYS = st.integers(1, 7)
MILESTONES = st.lists(st.integers(0, 730), min_size=1, max_size=40)


def panes(path: str) -> list[tuple[float, float, float]]:
    """(left, top, bottom) of each rectangle in `path`."""
    found = re.findall(rf"M([\d.]+) ([\d.]+)h{PANE}V([\d.]+)h-{PANE}z", path)
    return [(float(left), float(top), float(bottom)) for left, top, bottom in found]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[int, float, float, float | None]:
    shortest, longest = sorted((draw(HALF_HOURS), draw(HALF_HOURS)))
    start = draw(st.one_of(st.none(), st.integers(0, 24 * 60 - 1).map(lambda minutes: minutes / 60)))
    return draw(DAYS), shortest, longest, start if start is None or start + longest <= 24 else None


def hours_drawn(week: Week, path: str) -> set[float]:
    """How many hours each pane of `path` is high, by the marks of the hours beside the windows."""
    first, second = week.hour_labels[:2]
    an_hour = abs(second.y - first.y) / abs(second.value - first.value)
    return {round((bottom - top) / an_hour, 1) for _left, top, bottom in panes(path)}


@given(weeks())
def test_a_week_has_one_lit_window_for_each_day_with_care(values: tuple[int, float, float, float | None]) -> None:
    week = draw_week(*values)
    assert len(panes(week.lit)) == len(week.days) == values[0]
    assert week.windows.count("M") + week.free.count("M") == 7


@given(weeks())
def test_a_week_stands_inside_of_its_view_box(values: tuple[int, float, float, float | None]) -> None:
    week = draw_week(*values)
    for left, top, bottom in panes(week.lit + week.more):
        assert 0 <= left <= week.width - PANE
        assert 0 <= top < bottom <= week.height
    for label in (*week.day_labels, *week.hour_labels):
        assert 0 < label.x < week.width
        assert 0 < label.y <= week.height


@given(weeks())
def test_the_lit_hours_are_the_shortest_day_and_the_further_ones_end_at_the_longest(
    values: tuple[int, float, float, float | None],
) -> None:
    _days, shortest, longest, _start = values
    week = draw_week(*values)
    [lit] = hours_drawn(week, week.lit)
    more = hours_drawn(week, week.more)
    assert abs(lit - shortest) <= 0.1
    assert abs(sum(more) - (longest - shortest)) <= 0.1


def test_days_with_care_are_spread_over_the_week() -> None:
    assert [len(days) for days in EXAMPLES.values()] == list(EXAMPLES)
    assert draw_week(3, 3, 4, 9).days == (0, 2, 4)


def test_without_a_clock_the_hours_stand_on_the_sill() -> None:
    week = draw_week(1, 2, 5, None)
    [lit], [more] = panes(week.lit), panes(week.more)
    assert lit[2] == SILL
    assert more[2] == lit[1]


def touching(line: Line) -> list[tuple[int, int]]:
    """Days whose labels stand in one row and closer than a label is wide."""
    points = line.points
    return [
        (one.day, other.day)
        for number, one in enumerate(points)
        for other in points[number + 1 :]
        if abs(one.label_y - other.label_y) < ROW and abs(one.label_x - other.label_x) < LABEL - 0.2
    ]


@given(MILESTONES)
def test_labels_of_milestones_never_touch_and_stay_inside(days: Sequence[int]) -> None:
    line = draw_line(days)
    assert not touching(line)
    for point in line.points:
        assert LABEL / 2 - 0.2 <= point.label_x <= WIDTH - LABEL / 2 + 0.2
        assert 0 < point.label_y < line.y < line.height


@given(MILESTONES)
def test_points_stand_in_proportion_to_their_days(days: Sequence[int]) -> None:
    line = draw_line(days)
    assert [point.day for point in line.points] == sorted(set(days))
    last = max(*days, 2)
    for point in line.points:
        part = (max(point.day, 1) - 1) / (last - 1)
        assert abs(point.x - (line.start + part * (line.end - line.start))) < 0.1


def test_more_milestones_than_a_row_has_room_for_take_a_second_row() -> None:
    assert len({point.label_y for point in draw_line(range(1, IN_A_ROW + 1)).points}) == 1
    assert len({point.label_y for point in draw_line(range(1, IN_A_ROW + 2)).points}) == 2


@given(st.integers(1, 30))
def test_each_bend_of_the_way_begins_where_the_last_one_ended(steps: int) -> None:
    paths = bends(steps)
    assert len(paths) == steps
    assert paths[-1] == ""
    ends = [(path.split(" ")[0], path.split(" ")[-2]) for path in paths[:-1]]
    for number, (start, end) in enumerate(ends):
        assert start == f"M{NEAR if number % 2 == 0 else FAR}"
        assert end == f"{FAR if number % 2 == 0 else NEAR}"
        assert paths[number].endswith(f" {LENGTH}")


def level(kind: str, **fields: object) -> LevelOfCare:
    defaults = {"days_per_week_from": 3, "days_per_week_to": 5, "hours_per_day_from": 3, "hours_per_day_to": 4}
    return LevelOfCare(kind=kind, name=kind, **(defaults | fields))


def test_the_ladder_goes_from_most_care_to_least_with_the_virtual_program_beside_the_other() -> None:
    kinds = [Kind.OUTPATIENT, Kind.VIOP, Kind.PHP, "", Kind.IOP, Kind.RESIDENTIAL]
    rungs = rungs_of(level(kind) for kind in kinds)
    assert [[place.level.kind for place in rung.places] for rung in rungs] == [
        [Kind.RESIDENTIAL],
        [Kind.PHP],
        [Kind.IOP, Kind.VIOP],
        [Kind.OUTPATIENT],
    ]


def test_a_rung_says_its_hours_and_their_part_of_a_week() -> None:
    [rung] = rungs_of([level(Kind.IOP, hours_per_day_from=Decimal("2.5"))])
    [place] = rung.places
    assert (place.hours_from, place.hours_to) == (Decimal("7.5"), 20)
    assert (place.share, place.further) == (4.5, 7.4)


def test_this_program_is_marked_only_while_it_takes_people() -> None:
    assert rungs_of([level(Kind.IOP)])[0].is_lit
    assert not rungs_of([level(Kind.IOP, is_accepting=False)])[0].is_lit
    assert not rungs_of([level(Kind.PHP)])[0].is_lit
