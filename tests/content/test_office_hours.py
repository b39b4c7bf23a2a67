from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.utils import translation

from content.office_hours import NO_BREAK_SPACE, grouped_hours, zone_name

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass
class Row:
    weekday: int
    opens_at: time
    closes_at: time

    def get_weekday_display(self) -> str:
        return DAYS[self.weekday]


def rows(weekdays: str, opens: str = "09:00", closes: str = "18:00") -> list[Row]:
    return [Row(int(day), time.fromisoformat(opens), time.fromisoformat(closes)) for day in weekdays]


def lines_of(stretches: list[Row]) -> list[str]:
    return [f"{line.days}, {line.hours}".replace(NO_BREAK_SPACE, " ") for line in grouped_hours(stretches)]


def test_days_with_the_same_hours_become_one_line() -> None:
    assert lines_of(rows("01234")) == ["Monday to Friday, 9 a.m. – 6 p.m."]


def test_two_days_are_joined_by_and() -> None:
    assert lines_of(rows("56", "10:00", "13:30")) == ["Saturday and Sunday, 10 a.m. – 1:30 p.m."]


def test_a_day_between_breaks_the_run() -> None:
    assert lines_of(rows("0134")) == [
        "Monday and Tuesday, 9 a.m. – 6 p.m.",
        "Thursday and Friday, 9 a.m. – 6 p.m.",
    ]


def test_other_hours_break_the_run() -> None:
    assert lines_of(rows("0123") + rows("4", "09:00", "15:00")) == [
        "Monday to Thursday, 9 a.m. – 6 p.m.",
        "Friday, 9 a.m. – 3 p.m.",
    ]


def test_a_break_at_noon_is_two_stretches_of_one_day() -> None:
    both = rows("01", "13:00", "17:00") + rows("01", "08:30", "12:00")
    assert lines_of(both) == ["Monday and Tuesday, 8:30 a.m. – noon and 1 p.m. – 5 p.m."]


def test_no_hours_are_no_lines() -> None:
    assert grouped_hours([]) == []


def test_times_do_not_break_between_number_and_half_of_the_day() -> None:
    assert grouped_hours(rows("0"))[0].hours == f"9{NO_BREAK_SPACE}a.m. – 6{NO_BREAK_SPACE}p.m."


def test_zones_have_the_names_that_people_use() -> None:
    assert zone_name("America/New_York") == "Eastern Time"
    assert zone_name("Pacific/Honolulu") == "Hawaii Time"


def test_an_unknown_zone_is_named_after_its_place() -> None:
    assert zone_name("America/Argentina/Buenos_Aires") == "Buenos Aires time"


def test_times_follow_the_language() -> None:
    with translation.override("de"):
        assert grouped_hours(rows("0", "09:00", "18:00"))[0].hours == "09:00 – 18:00"
