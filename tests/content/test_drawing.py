from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from content.drawing.ladder import rungs_of
from content.drawing.line import LABEL, WIDTH, draw_line
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
    # Both are rounded to a tenth.
    assert abs(lit - shortest) < 0.11
    assert abs(sum(more) - (longest - shortest)) < 0.11


def test_days_with_care_are_spread_over_the_week() -> None:
    assert [len(days) for days in EXAMPLES.values()] == list(EXAMPLES)
    assert draw_week(3, 3, 4, 9).days == (0, 2, 4)


def test_without_a_clock_the_hours_stand_on_the_sill() -> None:
    week = draw_week(1, 2, 5, None)
    [lit], [more] = panes(week.lit), panes(week.more)
    assert lit[2] == SILL
    assert more[2] == lit[1]


@given(MILESTONES)
def test_each_label_stands_above_its_own_point_and_above_no_other(days: Sequence[int]) -> None:
    line = draw_line(days)
    for label in line.labels:
        nearest = min(line.points, key=lambda point: abs(point.x - label.x))
        assert label.first <= nearest.day <= label.last
        under = [point.day for point in line.points if abs(point.x - label.x) < LABEL / 2]
        assert all(label.first <= day <= label.last for day in under)
        assert LABEL / 2 <= label.x <= WIDTH - LABEL / 2
        assert 0 < label.y < line.y < line.height


@given(MILESTONES)
def test_each_milestone_has_one_point_and_one_label(days: Sequence[int]) -> None:
    line = draw_line(days)
    for day in set(days):
        assert len([label for label in line.labels if label.first <= day <= label.last]) == 1
    assert len({point.x for point in line.points}) == len(set(days)), "no point hides another"


@given(MILESTONES)
def test_labels_of_milestones_never_touch_each_other_or_a_leader(days: Sequence[int]) -> None:
    labels = draw_line(days).labels
    for one, other in itertools.combinations(labels, 2):
        apart = abs(one.x - other.x)
        # The one in the upper row has a leader straight down, past the lower one's text.
        assert apart >= LABEL if one.y == other.y else apart > LABEL / 2


@given(MILESTONES)
def test_points_stand_in_proportion_to_their_days(days: Sequence[int]) -> None:
    line = draw_line(days)
    assert [point.day for point in line.points] == sorted(set(days))
    first = min(*days, 1)
    last = max(*days, first + 1)
    for point in line.points:
        part = (point.day - first) / (last - first)
        assert abs(point.x - (line.start + part * (line.end - line.start))) < 0.1


def test_the_days_before_the_first_one_have_points_of_their_own() -> None:
    line = draw_line([0, 1, 7, 14, 30, 60])
    assert [(label.first, label.last) for label in line.labels] == [(0, 1), (7, 7), (14, 14), (30, 30), (60, 60)]
    assert len(line.points) == 6
    # Day 7 is too near for a label beside "Day 0–1", so its label stands in a second row.
    assert [label.first for label in line.labels if label.y < line.labels[0].y] == [7]


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
