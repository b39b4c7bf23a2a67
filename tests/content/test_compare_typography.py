"""What counts as typography, and what may change a meaning."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.compare.typography import beyond_typography
from tests.content.comparing import document

PAGE = {"summary": "A short answer."}


def page(body: str, **fields: Any) -> dict[str, Any]:
    return document({"type": "rich_text", "uid": "one", "body": f"<p>{body}</p>"}, **(PAGE | fields))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You recieve care.", "You receive care."),
        ("the adress of the centre", "the address of the centre"),
        ("a tretment plan", "a treatment plan"),
        ("the the group", "the group"),
        ("an in patient stay", "an inpatient stay"),
        ("Its your choice", "It’s your choice"),
        ("3-4 hours", "3–4 hours"),
        ("less care", "LESS care"),
        ("Yes , we do .", "Yes, we do."),
        ("a cafe", "a café"),
    ],
)
def test_slips_of_the_pen_are_typography(old: str, new: str) -> None:
    assert beyond_typography(page(old), page(new)) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You get less care.", "You get MORE care."),
        ("You can stop.", "You can’t stop."),
        ("It is safe.", "It is unsafe."),
        ("This is effective.", "This is ineffective."),
        ("Take 10 mg.", "Take 100 mg."),
        ("Take 1.5 mg.", "Take 15 mg."),
        ("Take 1.5 mg.", "Take 1,5 mg."),
        ("on 3 days", "on three days"),
        ("prescribe it", "proscribe it"),
        ("Do it now.", "Do it not."),
        ("We care.", "We cure."),
        ("Do not stop.", "Do stop."),
        ("Stop.", "Do not stop."),
        ("a patient", "patients"),
        ("no no", "no no no"),
        ("some words", "some <strong>words</strong>"),
        ('<a href="https://a.example/">here</a>', '<a href="https://b.example/">here</a>'),
        ('<a href="https://a.example/">this</a> one', '<a href="https://a.example/">this one</a>'),
        ("words", ""),
    ],
)
def test_what_may_change_a_meaning_is_more(old: str, new: str) -> None:
    assert beyond_typography(page(old), page(new)) != ""


def test_it_says_what_is_more() -> None:
    assert beyond_typography(page("You get less care."), page("You get MORE care.")) == "“less” → “MORE”"


@pytest.mark.parametrize("change", [{"slug": "elsewhere"}, {"order": 3}, {"related": ["x"]}, {"summary": "Another."}])
def test_what_is_no_word_must_stay(change: dict[str, Any]) -> None:
    assert beyond_typography(page("Words."), page("Words.", **change)) != ""


def test_a_block_more_less_or_elsewhere_is_more() -> None:
    one, two = ({"type": "rich_text", "uid": uid, "body": "<p>Words.</p>"} for uid in ("one", "two"))
    assert beyond_typography(document(one), document(one, two))
    assert beyond_typography(document(one, two), document(one))
    assert beyond_typography(document(one, two), document(two, one))


@given(st.text(max_size=60))
def test_any_text_can_be_compared(text: str) -> None:
    old = document({"type": "question", "uid": "one", "question": text, "answer": ""})
    assert beyond_typography(old, old) == ""
    new = document({"type": "question", "uid": "one", "question": f"{text} 7 unsafe", "answer": ""})
    assert beyond_typography(old, new) != ""


@given(st.text(alphabet="abcdef ghij", max_size=40), st.text(alphabet="0123456789", min_size=1, max_size=3))
def test_a_digit_more_is_never_typography(text: str, digits: str) -> None:
    assert beyond_typography(page(f"{text} 1"), page(f"{text} 1{digits}")) != ""
