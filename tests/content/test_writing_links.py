"""Headings, pictures and links: what blocks publishing, and bare link texts."""

from __future__ import annotations

from typing import Any

import pytest

from content.writing import Severity
from tests.content.written import findings, rules_of, text

# Headings


def test_a_subheading_without_a_heading_blocks() -> None:
    (finding,) = findings(text("<p>First.</p><h3>Then</h3>"))
    assert (finding.severity, finding.rule, finding.block_uid) == (Severity.BLOCKS, "heading-order", "block-1")
    assert finding.excerpt == "Then"


def test_a_heading_in_an_earlier_block_is_enough() -> None:
    assert findings(text("<h2>One</h2>"), text("<p>x</p>"), text("<h3>Two</h3><h3>Three</h3>")) == []


def test_the_table_of_levels_brings_its_own_heading() -> None:
    table = {"type": "levels_of_care", "heading": "For adults", "ages": "adults"}
    assert findings(table, text("<h3>More</h3>")) == []
    assert rules_of(text("<h3>More</h3>"), table) == ["heading-order"]


# Images


def image(**fields: Any) -> dict[str, Any]:
    return {
        "type": "image",
        "alt": "",
        "caption": "",
        "picture": {"digest": "a" * 64, "width": 1, "height": 1},
    } | fields


@pytest.mark.parametrize("alt", ["", " ", None])
def test_an_image_without_words_blocks(alt: str | None) -> None:
    (finding,) = findings(image(alt=alt, caption="Our door"))
    assert (finding.severity, finding.rule, finding.excerpt) == (Severity.BLOCKS, "image-alt", "Our door")


def test_an_image_with_words_or_only_decoration_passes() -> None:
    assert findings(image(alt="A door"), image(is_decorative=True)) == []


# Links


def link(href: str, words: str = "our goals") -> dict[str, Any]:
    return text(f'<p><a href="{href}">{words}</a></p>')


@pytest.mark.parametrize(
    "href",
    [
        *("/goals/", "/goals", "/goals/#top", "/?x=1", "/admissions/", "page:live", "page:live#top", "#below"),
        *("https://example.org", "tel:988", "sms:988", "mailto:a@example.org", "//example.org/x"),
    ],
)
def test_a_good_link_passes(href: str) -> None:
    assert findings(link(href)) == []


@pytest.mark.parametrize(
    "href", ["/nowhere/", "/goals/deeper/", "page:gone", "page:", "goals/", "example.org", "", "  "]
)
def test_a_dead_link_blocks(href: str) -> None:
    (finding,) = findings(link(href))
    assert (finding.severity, finding.rule, finding.excerpt) == (Severity.BLOCKS, "dead-link", "our goals")


def test_a_link_to_a_draft_is_advice_so_that_two_new_pages_can_link_to_each_other() -> None:
    (finding,) = findings(link("page:draft"))
    assert (finding.severity, finding.rule) == (Severity.ADVICE, "link-not-live")


def test_links_inside_other_blocks_are_checked() -> None:
    question = {"type": "question", "question": "Why?", "answer": '<p><a href="/nowhere/">because</a></p>'}
    assert rules_of(question) == ["dead-link"]


def test_a_button_to_a_deleted_page_blocks() -> None:
    button = {"type": "call_to_action", "heading": "Ready?", "text": "", "label": "Write to us"}
    assert rules_of(button | {"target": "gone"}) == ["dead-link"]
    assert rules_of(button | {"target": "live"}) == rules_of(button | {"target": None}) == []


@pytest.mark.parametrize(
    "words",
    [
        "here",
        "Click here",
        "READ MORE…",
        "link",
        "https://example.org/a",
        "www.example.org",
        "",
        "→",
        "<em> here. </em>",
    ],
)
def test_a_bare_link_text_is_advised_against(words: str) -> None:
    (finding,) = findings(link("/goals/", words))
    assert (finding.severity, finding.rule) == (Severity.ADVICE, "link-text")


@pytest.mark.parametrize("words", ["FindTreatment.gov", "click here to read our goals", "more on cost"])
def test_a_link_text_that_says_where_it_leads_passes(words: str) -> None:
    assert findings(link("/goals/", words)) == []


def test_a_bare_button_is_advised_against() -> None:
    assert rules_of({"type": "call_to_action", "heading": "Ready?", "text": "", "label": "Click here!"}) == [
        "link-text"
    ]


def test_spanish_has_link_texts_of_its_own() -> None:
    assert rules_of(link("/goals/", "aquí"), language="es") == ["link-text"]
    assert rules_of(link("/goals/", "here"), language="es") == []
