"""The count finds each kind of broken promise; else that it finds none would say nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.faults.counting import Count, tally_of
from tests.faults.points import POINTS, slug_of
from tests.faults.results import Part
from tests.faults.visitors import Form

REFERENCE, OTHER = "23456789", "98765432"
STORED = {"references": [REFERENCE], "is_true": True}
TOLD = Counter({"2345 6789": 1})


def form(*references: str, refused: int = 0, cut: int = 0, faults: tuple[str, ...] = ()) -> Form:
    return Form("web", "token", {}, {}, list(references), refused, cut, list(faults))


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        (form(REFERENCE), STORED),
        (form(REFERENCE, REFERENCE, cut=2), STORED),
        (form(cut=1), STORED),
        (form(cut=1), STORED | {"references": []}),
        (form(refused=1), STORED | {"references": []}),
    ],
)
def test_what_is_as_visitors_were_told_is_no_problem(form: Form, stored: dict[str, Any]) -> None:
    assert not tally_of(form, stored, TOLD).problems


@pytest.mark.parametrize(
    ("form", "stored", "problems"),
    [
        (form(REFERENCE), {"references": []}, {"lost"}),
        (form(OTHER), {}, {"lost"}),
        (form(REFERENCE, OTHER), {}, {"lost"}),
        (form(REFERENCE), {"references": [REFERENCE, REFERENCE]}, {"lost", "doubled"}),
        (form(cut=1), {"references": [REFERENCE, REFERENCE]}, {"doubled"}),
        (form(refused=1), {}, {"invented"}),
        (form(REFERENCE), {"is_true": False}, {"altered"}),
        (form(OTHER), {"references": [OTHER]}, {"untold"}),
        (form(REFERENCE, refused=1, faults=("an answer 503 without 'tel:'",)), {}, {"broken"}),
    ],
)
def test_every_broken_promise_is_counted(form: Form, stored: dict[str, Any], problems: set[str]) -> None:
    assert tally_of(form, STORED | stored, TOLD).problems.keys() == problems


def test_an_email_that_comes_twice_is_a_problem_where_no_worker_had_died() -> None:
    tally = tally_of(form(REFERENCE), STORED, Counter({"2345 6789": 2}))
    assert tally.told_again == 1
    assert not tally.problems
    assert Part("SQLite", Count({"work: task done": tally}, {})).problems == []
    assert len(Part("SQLite", Count({"web: sealed": tally}, {})).problems) == 1


def test_what_is_left_over_and_pages_that_were_not_there_are_problems() -> None:
    assert len(Part("SQLite", Count({}, {"files in the spool": 1}), pages=3, pages_failed=1).problems) == 2


def test_no_two_points_are_told_apart_by_their_order_alone() -> None:
    assert len({slug_of(point) for point in POINTS}) == len(POINTS)
