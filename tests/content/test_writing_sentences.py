from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.writing.html import Link, Passage, read_html
from content.writing.rules import Rules, default_rows
from content.writing.sentences import sentences_of, words_of

ENGLISH = Rules.of("en", default_rows("en")).abbreviations
SPANISH = Rules.of("es", default_rows("es")).abbreviations


@pytest.mark.parametrize(
    "text",
    [
        "We open at 9 a.m. on Mondays.",
        "Ask Dr. Smith about it.",
        "Bring someone, e.g. Your mother.",
        "It takes 3.5 hours.",
        "J. Smith wrote it.",
        "Tea, coffee, etc. are free.",
        "“Does it help?” she asked.",
        "1. Breathe in.",
        "We live in the U.S. Today it rains.",
    ],
)
def test_it_is_one_sentence(text: str) -> None:
    assert sentences_of(text, abbreviations=ENGLISH) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Come in. Sit down.", 2),
        ("No. You can change your mind!", 2),
        ("Are you safe? Call 988… Then wait.", 3),
        ("“I am.” (He was.) She left.", 3),
        ("We treat teens. 988 answers at any hour.", 2),
        ("", 0),
        ("… !", 0),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert len(sentences_of(text, abbreviations=ENGLISH)) == count


def test_spanish_abbreviations_do_not_end_a_sentence() -> None:
    text = "Viven en EE. UU. Desde ayer. Llame a las 9 a. m. al Dr. Pérez. ¿Qué pasa? Nada."
    assert sentences_of(text, abbreviations=SPANISH) == [
        "Viven en EE. UU. Desde ayer.",
        "Llame a las 9 a. m. al Dr. Pérez.",
        "¿Qué pasa?",
        "Nada.",
    ]


def test_a_joined_word_counts_once() -> None:
    assert words_of("Don’t skip well-being: 3–4 hours, $1,000 (or 9:30).") == [
        *("Don’t", "skip", "well-being", "3–4", "hours", "1,000", "or", "9:30")
    ]


@settings(deadline=None)
@given(st.text())
def test_sentences_lose_no_word(text: str) -> None:
    found = [word for sentence in sentences_of(text, abbreviations=ENGLISH) for word in words_of(sentence)]
    assert found == words_of(text)


def test_paragraphs_headings_and_items_are_passages_of_their_own() -> None:
    passages, _links = read_html(
        "<h2>Aims</h2><p>We <strong>list</strong>en.</p><ul><li>One</li><li><p>Two</p></li></ul>"
    )
    assert passages == [Passage("Aims", level=2), Passage("We listen."), Passage("One"), Passage("Two")]


def test_a_line_break_parts_words() -> None:
    assert read_html("<p>One<br>two&nbsp;&amp; three</p>")[0] == [Passage("One two & three")]


def test_links_are_found_with_their_words() -> None:
    _passages, links = read_html(
        '<p>See <a href="/goals/">our <em>goals</em></a> or <a href="tel:988">call</a> <a>x</a></p>'
    )
    assert links == [Link("/goals/", "our goals"), Link("tel:988", "call"), Link("", "x")]


@pytest.mark.parametrize(
    "html", ["<![x[", "<!doctype", "<?php", "<a <a <a", "</", "<a href='", "&#x110000;", "<!--", "<]>"]
)
def test_what_is_not_html_is_read_as_text(html: str) -> None:
    assert read_html(f"<p>Before</p>{html}")[0][0] == Passage("Before")


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="<>/ah2p!-[]\"'=& ;#")))
def test_reading_never_raises(html: str) -> None:
    passages, _links = read_html(html)
    assert all(passage.text.strip() for passage in passages)
