"""The ladder of care: its rungs from most care to least, and how much of a week each one takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from content.models import LevelOfCare

Kind = LevelOfCare.Kind
HOURS_IN_A_WEEK = 24 * 7
# The virtual program stands beside the one it equals.
RUNGS: tuple[tuple[str, ...], ...] = ((Kind.RESIDENTIAL,), (Kind.PHP,), (Kind.IOP, Kind.VIOP), (Kind.OUTPATIENT,))
THIS_PROGRAM = {Kind.IOP, Kind.VIOP}


@dataclass(frozen=True)
class Place:
    """One level on its rung. Hours are a week's; `share`: the part of all hours that is sure, `further`: what may be
    added to it, both in percent."""

    level: LevelOfCare
    hours_from: Decimal
    hours_to: Decimal

    @property
    def share(self) -> float:
        return _share(self.hours_from)

    @property
    def further(self) -> float:
        return round(_share(self.hours_to) - self.share, 1)

    @property
    def fills_the_week(self) -> bool:
        return self.hours_from >= HOURS_IN_A_WEEK

    @property
    def is_this_program(self) -> bool:
        return self.level.takes_new_clients and self.level.kind in THIS_PROGRAM


@dataclass(frozen=True)
class Rung:
    places: tuple[Place, ...]

    @property
    def is_lit(self) -> bool:
        return any(place.is_this_program for place in self.places)


def rungs_of(levels: Iterable[LevelOfCare]) -> list[Rung]:
    """The rungs that `levels` stand on, from most care to least; levels without a kind stand on none."""
    levels = list(levels)
    rungs = (tuple(_place(level) for kind in kinds for level in levels if level.kind == kind) for kinds in RUNGS)
    return [Rung(places) for places in rungs if places]


def _place(level: LevelOfCare) -> Place:
    return Place(
        level=level,
        hours_from=Decimal(level.days_per_week_from * level.hours_per_day_from),
        hours_to=Decimal(level.days_per_week_to * level.hours_per_day_to),
    )


def _share(hours: Decimal) -> float:
    return round(min(float(hours) / HOURS_IN_A_WEEK, 1) * 100, 1)
