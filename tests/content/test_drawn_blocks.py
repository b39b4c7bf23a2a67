"""The pictures as visitors get them: chosen by the address, said in words as well, and safe."""

from __future__ import annotations

import re
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from content.drawing.shown import WeekChoice
from content.models import LadderPicture, LevelOfCare, Milestone, Practice, Step, WeekPicture
from content.publishing import publish
from content.rendering import Renderer
from tests.content.factories import add_block, make_page
from tests.factories import make_level_of_care

BREAKING = '"><script>alert(1)</script>'


def level(**fields: Any) -> LevelOfCare:
    defaults = {
        "kind": "iop",
        "ages": "adults",
        "name": "Intensive outpatient program",
        "short_name": "IOP",
        "hours_per_day_from": 3,
        "hours_per_day_to": 4,
        "days_per_week_from": 3,
        "days_per_week_to": 5,
        "starts_at": time(9),
    }
    return LevelOfCare(**(defaults | fields))


def rendered(*blocks: dict[str, Any], **options: Any) -> str:
    document = {"title": "Title", "summary": "Answer.", "blocks": [{"uid": "u"} | block for block in blocks]}
    return Renderer(**({"paths": {}, "levels": []} | options)).render(document).html


def week(care: LevelOfCare | None = None, **choice: Any) -> str:
    block = {"type": "week", "heading": "A week", "kind": "iop", "ages": "adults"}
    return rendered(block, levels=[care] if care else [], week=WeekChoice(**choice))


def said(html: str) -> dict[str, str]:
    """The words beside the picture of a week, by what they are about."""
    return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html))


def lit_windows(html: str) -> int:
    return re.search(r'class="lit" d="(.*?)"', html[html.index('class="week"') :])[1].count("M")


def make_page_with_week() -> None:
    make_level_of_care(kind="iop", starts_at=time(9))
    page = make_page(slug="schedule", blocks=0)
    add_block(page, WeekPicture, heading="A week", kind="iop", ages="adults")
    publish(page=page, by=None)


# --- A week -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "names", "hours"),
    [
        (3, "Monday, Wednesday, Friday", "9–12 hours a week"),
        (4, "Monday, Tuesday, Thursday, Friday", "12–16 hours a week"),
        (5, "Monday, Tuesday, Wednesday, Thursday, Friday", "15–20 hours a week"),
    ],
)
def test_a_week_says_what_it_draws(days: int, names: str, hours: str) -> None:
    html = week(level(), days=days)
    words = said(html)
    assert lit_windows(html) == days
    assert words["Days"] == names
    assert words["In total"] == hours


def test_a_week_says_its_clock_times_where_a_start_is_set() -> None:
    assert said(week(level()))["Each day"] == "3–4 hours, from 9\u00a0a.m. to noon or 1\u00a0p.m."
    fixed = week(level(hours_per_day_to=3, starts_at=time(15, 30)))
    assert said(fixed)["Each day"] == "3 hours, from 3:30\u00a0p.m. to 6:30\u00a0p.m."
    assert "stroke-dasharray" not in fixed
    assert "more" not in fixed


def test_a_week_says_only_hours_where_no_start_is_set_or_a_day_would_pass_midnight() -> None:
    for care in (level(starts_at=None), level(starts_at=time(22))):
        html = week(care)
        assert said(html)["Each day"] == "3–4 hours"
        assert "a.m." not in html


def test_a_week_writes_its_drawing_with_points_whatever_the_language() -> None:
    with translation.override("de"):
        html = week(level(hours_per_day_from=Decimal("2.5")))
    drawing = html[html.index("<svg") : html.index("</svg>")]
    assert not re.search(r'(?:x|y|d|viewBox)="[^"]*\d,\d', drawing)


def test_every_day_can_be_a_day_with_care() -> None:
    html = week(level(kind="iop", days_per_week_from=7, days_per_week_to=7, hours_per_day_from=24, hours_per_day_to=24))
    assert lit_windows(html) == 7


def test_a_week_without_a_level_says_whom_to_ask() -> None:
    html = week()
    assert "Please ask Admissions which days there are." in html
    assert "<svg" not in html


def test_only_the_days_of_the_level_are_offered_and_the_shown_one_is_marked() -> None:
    html = week(level(), days=4, path="/schedule/")
    assert re.findall(r'<a href="(.*?)"', html) == [
        "/schedule/#a-week",
        "/schedule/?days=4#a-week",
        "/schedule/?days=5#a-week",
    ]
    assert re.findall(r'href="(\S+)" aria-current="true"', html) == ["/schedule/?days=4#a-week"]


def test_where_the_address_cannot_choose_nothing_is_offered() -> None:
    assert "<a " not in week(level())
    assert "<a " not in week(level(days_per_week_to=3), path="/schedule/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", "?days=", "?days=2", "?days=6", "?days=99", "?days=-4", "?days=4.0", "?days=٤", "?days=x"],
)
def test_days_that_the_level_does_not_have_show_the_plain_page(client: Client, query: str) -> None:
    make_page_with_week()
    response = client.get(f"/schedule/{query}")
    assert response.status_code == 200
    assert lit_windows(response.text) == 3


@pytest.mark.django_db
def test_a_reader_chooses_the_days_by_the_address_and_the_page_stays_the_same_one(client: Client) -> None:
    make_page_with_week()
    text = client.get("/schedule/?days=5").text
    assert lit_windows(text) == 5
    assert re.search(r'<link rel="canonical" href="[^"?]*/schedule/">', text)


@pytest.mark.django_db
def test_choosing_days_takes_no_more_queries(
    client: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    make_page_with_week()
    with django_assert_max_num_queries(30) as plain:
        client.get("/schedule/")
    with django_assert_num_queries(len(plain)):
        client.get("/schedule/?days=5")


# --- The ladder -------------------------------------------------------------------------------------------------------


def ladder(*levels: LevelOfCare) -> str:
    return rendered({"type": "ladder", "heading": "The ladder", "ages": "adults"}, levels=levels)


def test_the_ladder_says_for_each_level_its_hours_and_where_one_would_not_live_at_home() -> None:
    residential = level(
        kind="residential",
        short_name="Residential",
        lives_at_home=False,
        is_accepting=False,
        hours_per_day_from=24,
        hours_per_day_to=24,
        days_per_week_from=7,
        days_per_week_to=7,
    )
    html = ladder(level(), level(kind="viop", short_name="vIOP"), level(ages="teens", short_name="Other"), residential)
    assert html.count("<li>") == 2
    assert html.index("Residential") < html.index("IOP")
    assert "Staff day and night" in html
    assert "168 hours a week</p>" not in html
    assert html.count("9–20 hours a week") == 2
    assert "You live at home" not in html
    assert html.count("You live at the place of treatment") == 1
    assert html.count("This program") == 2
    assert "Other" not in html


def test_a_ladder_without_rungs_says_whom_to_ask() -> None:
    assert "Please ask Admissions which are open." in ladder(level(kind=""))


def test_the_ladder_writes_its_drawing_with_points_whatever_the_language() -> None:
    with translation.override("de"):
        html = ladder(level())
    assert re.findall(r' width="([\d.,]+)%"', html)[0] == "5.4"


# --- Milestones, steps, what we do ------------------------------------------------------------------------------------


def test_milestones_are_told_in_the_order_of_their_days_and_drawn_once_a_day() -> None:
    days = [60, 1, 30, 30]
    html = rendered(*({"type": "milestone", "day": day, "title": f"T{day}", "body": "<p>x</p>"} for day in days))
    drawn, told = html.split("<ol")
    assert re.findall(r"Day (\d+)", drawn) == ["1", "30", "60"]
    assert re.findall(r"Day (\d+)</span> T", told) == ["1", "30", "30", "60"]


def test_steps_are_joined_by_a_path_with_one_bend_less() -> None:
    html = rendered(*({"type": "step", "title": f"T{number}", "body": ""} for number in range(3)))
    assert html.count("<li>") == 3
    assert html.count("<svg") == 2


def test_what_we_do_and_do_not_is_a_table_by_its_roles_and_says_both_in_each_row() -> None:
    row = {"type": "practice", "topic": "Late", "we_do": "<p>We wait.</p>", "we_do_not": "<p>We do not scold.</p>"}
    html = rendered(row, row | {"topic": "Absent"})
    assert html.count('role="row"') == 3
    assert html.count('role="cell"') == 4
    assert html.count('role="rowheader"') == 2
    body = html[html.index('class="rows"') :]
    assert body.count("We do</i>") == body.count("We don’t</i>") == 2


@pytest.mark.django_db
def test_what_staff_write_is_never_markup(client: Client) -> None:
    make_level_of_care(kind="iop", name=f"A{BREAKING}"[:80], short_name=f"B{BREAKING}"[:24])
    page = make_page(slug="schedule", blocks=0)
    add_block(page, WeekPicture, heading=f"C{BREAKING}", kind="iop", ages="adults")
    add_block(page, LadderPicture, heading=f"D{BREAKING}", ages="adults")
    add_block(page, Milestone, day=3, title=f"E{BREAKING}", body=f"<p>{BREAKING}</p>")
    add_block(page, Step, title=f"F{BREAKING}", body=f"<p>{BREAKING}</p>")
    add_block(page, Practice, topic=f"G{BREAKING}", we_do=f"<p>{BREAKING}</p>", we_do_not=f"<p>{BREAKING}</p>")
    publish(page=page, by=None)
    text = client.get("/schedule/").text
    assert "<script>alert" not in text
    for letter in "ACDEFG":
        assert f"{letter}&quot;&gt;&lt;script" in text


# --- The front page ---------------------------------------------------------------------------------------------------


def test_a_page_is_cut_into_sections_at_its_headings() -> None:
    heading = {"type": "rich_text", "uid": "u", "body": "<h2>One</h2><p>x</p>"}
    blocks = [
        {"type": "rich_text", "uid": "u", "body": "<p>Before</p>"},
        heading,
        {"type": "rich_text", "uid": "u", "body": "<p>More</p>"},
        {"type": "week", "uid": "u", "heading": "Two", "kind": "iop", "ages": "adults"},
        heading,
        {"type": "step", "uid": "u", "title": "T", "body": ""},
    ]
    document = {"title": "", "summary": "", "blocks": blocks}
    result = Renderer(paths={}, levels=[level()]).render(document)
    assert [(section.number, section.has_picture) for section in result.sections] == [
        (0, False),
        (1, False),
        (2, True),
        (3, True),
    ]
    assert "\n".join(section.html for section in result.sections) == result.html
