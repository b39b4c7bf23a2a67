from __future__ import annotations

import re
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from content.published import LivePage
from content.templatetags.site_words import clock, guide_window, in_menu, in_section, number_range


def make_live_page(slug: str, *, section: str = "guide", is_in_menu: bool = False) -> LivePage:
    return LivePage(
        version_id=1,
        digest="",
        live_since=datetime(2026, 3, 2, tzinfo=UTC),
        changed_at=datetime(2026, 3, 2, tzinfo=UTC),
        language="en",
        slug=slug,
        page_id=1,
        ends_at=None,
        uid=slug,
        title=slug.title(),
        nav_title="",
        summary="A summary.",
        section=section,
        order=0,
        is_in_menu=is_in_menu,
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (Decimal("3.0"), Decimal("4.0"), "3–4"),
        (Decimal("3.0"), Decimal("3.0"), "3"),
        (3, 3, "3"),
        (Decimal("2.5"), Decimal("3.0"), "2.5–3"),
        (Decimal("10.0"), Decimal("24.0"), "10–24"),
        (8, 9, "8–9"),
    ],
)
def test_number_range_says_what_people_say(low: Decimal | int, high: Decimal | int, words: str) -> None:
    assert number_range(low, high) == words


@pytest.mark.parametrize(("language", "words"), [("es", "2.5–3.5"), ("de", "2,5–3,5")])
def test_number_range_writes_decimals_as_the_language_does_where_the_site_is(language: str, words: str) -> None:
    with translation.override(language):
        assert number_range(Decimal("2.5"), Decimal("3.5")) == words


def test_in_menu_keeps_the_pages_that_editors_chose() -> None:
    pages = [make_live_page("cost", is_in_menu=True), make_live_page("other")]
    assert [page.slug for page in in_menu(pages)] == ["cost"]


def test_in_section_keeps_one_section_in_order() -> None:
    pages = [make_live_page("b"), make_live_page("privacy", section="site"), make_live_page("a")]
    assert [page.slug for page in in_section(pages, "guide")] == ["b", "a"]
    assert [page.slug for page in in_section(pages, "site")] == ["privacy"]


def test_guide_window_lights_one_window_for_each_part_read_so_far() -> None:
    chapters = [make_live_page(name) for name in ("one", "two", "three", "four")]
    window = guide_window(chapters, chapters[2])
    assert (window["part"], window["total"]) == (3, 4)
    assert window["lit"].count("M") == 3
    assert window["lines"].count("M") == 4


def test_guide_window_drawing_is_as_wide_as_its_windows() -> None:
    chapters = [make_live_page(str(number)) for number in range(5)]
    window = guide_window(chapters, chapters[0])
    last_start = max(int(x) for x in re.findall(r"M(\d+)", window["lines"]))
    assert window["width"] == last_start + 12 + 1


def test_guide_window_shows_nothing_for_a_page_outside_of_the_guide() -> None:
    chapters = [make_live_page("one")]
    template = Template("{% load site_words %}{% guide_window chapters page %}")
    outside = Context({"chapters": chapters, "page": make_live_page("privacy", section="site")})
    assert template.render(outside).strip() == ""
    inside = template.render(Context({"chapters": chapters, "page": chapters[0]}))
    assert "Part 1 of 1 of the guide" in inside


def test_words_per_minute_is_the_setting(settings: object) -> None:
    settings.READING_WORDS_PER_MINUTE = 123
    assert Template("{% load site_words %}{% words_per_minute %}").render(Context()) == "123"


def test_guide_window_stands_in_rows_of_twelve_at_most() -> None:
    chapters = [make_live_page(str(number)) for number in range(23)]
    window = guide_window(chapters, chapters[12])
    assert (window["width"], window["height"]) == (12 * 16 - 2, 32 + 25)
    assert len(set(re.findall(r"M\d+ (\d+)v-14", window["lines"]))) == 2
    assert window["lit"].count("M") == 13


def test_a_time_of_day_stays_in_one_piece() -> None:
    assert clock(time(15, 30)) == "3:30\u00a0p.m."
    assert clock(time(12)) == "noon"
