from __future__ import annotations

from typing import Any

import pytest

from content.models import LevelOfCare
from content.rendering import Renderer, grouped


def render(*blocks: dict[str, Any], **options: Any) -> Any:
    document = {"title": "Title", "summary": "A short answer.", "blocks": list(blocks)}
    return Renderer(**({"paths": {}, "levels": []} | options)).render(document)


def rich(body: str) -> dict[str, Any]:
    return {"type": "rich_text", "uid": "u", "body": body}


def test_neighbours_of_one_kind_come_together_and_others_alone() -> None:
    blocks = [{"type": kind} for kind in ("step", "step", "rich_text", "rich_text", "step")]
    assert [(kind, len(list(run))) for kind, run in grouped(blocks)] == [
        ("step", 2),
        ("rich_text", 1),
        ("rich_text", 1),
        ("step", 1),
    ]


def test_headings_get_ids_and_three_make_a_contents_list() -> None:
    rendered = render(rich("<h2>One</h2><h2>Two &amp; more</h2>"), rich("<h2>One</h2>"))
    assert [heading.id for heading in rendered.contents] == ["one", "two-more", "one-2"]
    assert '<h2 id="one-2">One</h2>' in rendered.html


def test_two_headings_make_no_contents_list() -> None:
    assert render(rich("<h2>One</h2><h2>Two</h2>")).contents == ()


def test_the_contents_list_shows_characters_not_entities() -> None:
    contents = render(rich("<h2>Rest &amp; care</h2><h2>B</h2><h2>C</h2>")).contents
    assert contents[0].text == "Rest & care"


def test_a_tampered_document_cannot_inject() -> None:
    html = render(
        rich("<script>alert(1)</script><p>x</p>"),
        {"type": "question", "uid": "u", "question": "<b>Q</b>", "answer": "<img src=x onerror=alert(1)>"},
        {"type": "key_fact", "uid": "u", "figure": "<i>3</i>", "label": "<script>"},
    ).html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;b&gt;Q" in html
    assert "&lt;i&gt;3" in html


def test_reading_time_counts_the_words_and_rounds_up() -> None:
    assert render(rich("<p>" + "word " * 196 + "</p>")).minutes == 1
    assert render(rich("<p>" + "word " * 197 + "</p>")).minutes == 2


def test_items_of_a_list_have_headings_one_below_the_text_before_them() -> None:
    question = {"type": "question", "uid": "u", "question": "Why?", "answer": "<p>So.</p>"}
    assert "<h2" in render(question).html
    assert "<h3" in render(rich("<h2>Questions</h2>"), question).html


def test_a_call_to_action_without_a_live_target_leads_to_admissions() -> None:
    call = {"type": "call_to_action", "uid": "u", "heading": "h", "text": "t", "label": "Go", "target": None}
    assert 'href="/admissions/"' in render(call).html
    assert 'href="/goals/"' in render(call | {"target": "x"}, paths={"x": "/goals/"}).html


def a_level(**fields: Any) -> LevelOfCare:
    defaults = {"name": "A level", "short_name": "L", "ages": "all", "setting": "Here", "suits": "You"}
    for name, low, high in (("hours_per_day", 3, 4), ("days_per_week", 3, 5), ("typical_weeks", 8, 9)):
        defaults |= {f"{name}_from": low, f"{name}_to": high}
    return LevelOfCare(**(defaults | fields))


@pytest.mark.parametrize("ages", ["", "adults", "teens"])
def test_the_levels_table_shows_the_levels_of_its_ages(ages: str) -> None:
    levels = [a_level(name=f"Level for {group}", ages=group) for group in ("adults", "teens", "all")]
    html = render({"type": "levels_of_care", "uid": "u", "heading": "Levels", "ages": ages}, levels=levels).html
    assert ("Level for adults" in html) == (ages in {"", "adults"})
    assert ("Level for teens" in html) == (ages in {"", "teens"})
    assert "Level for all" in html


def test_a_level_that_is_only_described_does_not_look_like_one_with_a_waiting_list() -> None:
    table = {"type": "levels_of_care", "uid": "u", "heading": "Levels", "ages": ""}
    described = render(table, levels=[a_level(is_accepting=False, is_offered=False)]).html
    assert "We do not run this level" in described
    assert "Not accepting" not in described
    assert "Not accepting at this time" in render(table, levels=[a_level(is_accepting=False)]).html


def test_on_a_page_of_several_documents_every_heading_is_a_level_lower() -> None:
    question = {"type": "question", "uid": "u", "question": "Why?", "answer": "<p>So.</p>"}
    html = render(rich("<h2>One</h2><h3>Two</h3>"), question, heading_shift=1).html
    assert '<h3 id="one">One</h3><h4>Two</h4>' in html
    assert "<h5>Why?</h5>" in html


def test_a_heading_does_not_take_an_id_that_the_page_itself_uses() -> None:
    assert '<h2 id="content-2">Content</h2>' in render(rich("<h2>Content</h2>")).html


def test_the_levels_of_care_do_not_count_as_words_of_the_version() -> None:
    table = {"type": "levels_of_care", "uid": "u", "heading": "Levels", "ages": ""}
    level = a_level(suits="Many words for you")
    assert render(table, levels=[level]).words == render(table).words == 5
