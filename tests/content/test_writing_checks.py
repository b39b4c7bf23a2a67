from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.blocks import BLOCK_MODELS
from content.writing import Severity, check_document, page_grade
from tests.content.written import CONTEXT, LONG, REFERENCE, RULES, findings, rules_of, text


def test_a_plain_page_has_no_findings() -> None:
    assert findings(text("<h2>What happens</h2><p>You come in and sit down.</p><h3>Then</h3><p>We talk.</p>")) == []


def test_what_blocks_comes_first_then_reading_order() -> None:
    found = findings(text(f"<p>{LONG}</p>"), text("<p>The mentally ill</p>"), text("<h3>Deep</h3>"), summary=LONG)
    assert [(finding.severity, finding.block_uid) for finding in found] == [
        (Severity.BLOCKS, "block-3"),
        (Severity.ADVICE, None),
        (Severity.ADVICE, "block-1"),
        (Severity.ADVICE, "block-2"),
    ]


# Sentences and grade


def test_a_sentence_of_more_than_25_words_is_advised_against() -> None:
    (finding,) = findings(text(f"<p>Short. {LONG}</p>"))
    assert finding.rule == "long-sentence"
    assert "26 words" in finding.message
    assert finding.excerpt.startswith("Word Word")
    assert findings(text(f"<p>{' '.join(['word'] * 25)}.</p>")) == []


def test_the_line_for_search_engines_may_be_one_sentence() -> None:
    assert findings(description=LONG) == []


def test_list_items_are_sentences_of_their_own() -> None:
    assert findings(text(f"<ul>{'<li>one two three</li>' * 20}</ul>")) == []


def test_a_page_that_is_hard_to_read_is_advised_on() -> None:
    hard = text(f"<p>{'Comprehensive multidisciplinary rehabilitation necessitates perseverance. ' * 25}</p>")
    (finding,) = findings(hard)
    assert (finding.rule, finding.block_uid) == ("grade", None)
    assert findings(hard, language="es") == []


def test_the_grade_of_a_page_can_be_shown() -> None:
    easy = {"title": "x", "blocks": [text(f"<p>{'We talk with you first. ' * 30}</p>")]}
    assert page_grade(easy, rules=RULES["en"]) == 0
    assert page_grade(easy, rules=RULES["es"]) is None
    assert page_grade({"title": "x", "blocks": []}, rules=RULES["en"]) is None


# Acronyms


@pytest.mark.parametrize(
    "words",
    [
        "An intensive outpatient program (IOP) helps. An IOP is near.",
        "IOP (intensive outpatient program) and IOPs.",
        "An IOP first. Later: intensive outpatient program (IOP, also day care).",
        "In the US, on TV.",
        "Text AYUDA to 988.",
        "THIS IS ALL IN CAPITALS",
        "A vIOP, a PhD, an X.",
    ],
)
def test_an_explained_or_known_acronym_passes(words: str) -> None:
    assert findings(text(f"<p>{words}</p>")) == []


def test_an_unexplained_acronym_is_advised_on_once() -> None:
    (finding,) = findings(text("<p>An IOP helps.</p>"), text("<p>Two IOPs help.</p>"))
    assert (finding.rule, finding.block_uid) == ("acronym", "block-1")
    assert "“long form (IOP)”" in finding.message
    assert finding.excerpt == "An IOP helps."


def test_an_acronym_may_be_explained_in_another_field() -> None:
    assert findings(text("<p>An IOP helps.</p>"), summary="An intensive outpatient program (IOP) helps.") == []


def test_a_listed_term_explains_itself() -> None:
    item = {"type": "list_item", "term": "PHP", "explanation": "<p>Day treatment.</p>"}
    assert findings(item, text("<p>A PHP is long.</p>")) == []


def test_citations_are_not_our_words() -> None:
    assert findings(REFERENCE | {"citation": "Substance abuse among addicts. JAMA 2014; CFR."}) == []


# Wording


def test_a_hurtful_phrase_is_advised_against_with_another() -> None:
    (finding,) = findings(text("<p>Last year he committed suicide at home.</p>"))
    assert (finding.severity, finding.rule) == (Severity.ADVICE, "wording")
    assert "“committed suicide”" in finding.message
    assert "died by suicide" in finding.message
    assert finding.excerpt == "Last year he committed suicide at home."


@pytest.mark.parametrize(
    ("block", "uid"),
    [
        ({"type": "image", "alt": "A crazy house"}, "block-1"),
        ({"type": "reference", "citation": "x", "note": "A study of addicts."}, "block-1"),
        ({"type": "of_the_future", "rows": [["x", "an addict"]]}, "block-1"),
    ],
)
def test_every_text_of_ours_is_looked_through(block: dict[str, Any], uid: str) -> None:
    assert [(finding.rule, finding.block_uid) for finding in findings(block)] == [("wording", uid)]


def test_the_page_fields_are_looked_through() -> None:
    assert rules_of(title="The mentally ill", nav_title="Addicts", description="Drug abusers") == ["wording"] * 3


def test_spanish_phrases_are_found_in_spanish() -> None:
    assert rules_of(text("<p>Cometió suicidio.</p>"), language="es") == ["wording"]


def test_a_long_text_is_quoted_around_the_phrase() -> None:
    (finding,) = findings(text(f"<p>{'Some words here. ' * 20}The mentally ill. {'More words here. ' * 20}</p>"))
    assert "The mentally ill" in finding.excerpt
    assert finding.excerpt.startswith("…")
    assert finding.excerpt.endswith("…")
    assert len(finding.excerpt) < 110


# Claims


@pytest.mark.parametrize("words", ["A proven way.", "We guarantee it.", "It is 100% safe.", "A cure for all."])
def test_a_claim_without_a_reference_is_advised_on(words: str) -> None:
    assert rules_of(text(f"<p>{words}</p>")) == ["claim"]
    assert rules_of(text(f"<p>{words}</p>"), REFERENCE) == rules_of(REFERENCE, text(f"<p>{words}</p>")) == []


@pytest.mark.parametrize("words", ["We do not promise a cure.", "Nobody can guarantee that.", "There is no miracle."])
def test_a_claim_that_is_taken_back_passes(words: str) -> None:
    assert findings(text(f"<p>{words}</p>")) == []


def test_a_negation_in_the_sentence_before_takes_nothing_back() -> None:
    assert rules_of(text("<p>We do not wait. We cure.</p>")) == ["claim"]


# Any text


def any_document() -> st.SearchStrategy[dict[str, Any]]:
    """Documents of every block type with any text in every field, and none."""
    value = st.one_of(st.text(), st.text(alphabet='<>/aph23 "=&;IOP().!?*', max_size=60), st.none())
    types = {model.type: st.fixed_dictionaries(dict.fromkeys(model.frozen_fields, value)) for model in BLOCK_MODELS}
    block = st.sampled_from(sorted(types)).flatmap(
        lambda type_: types[type_].map(lambda fields: {"type": type_, "uid": "u"} | fields)
    )
    return st.fixed_dictionaries({"title": value, "summary": value, "blocks": st.lists(block, max_size=4)})


@settings(deadline=None)
@given(any_document(), st.sampled_from(["en", "es"]))
def test_no_text_makes_a_check_raise(document: dict[str, Any], language: str) -> None:
    for finding in check_document(document, rules=RULES[language], look_up=lambda _named: CONTEXT):
        assert finding.message
        assert finding.severity in Severity


def test_a_page_of_two_hundred_blocks_is_checked_at_once() -> None:
    body = "<p>" + "You come in and sit down with us, and we talk. " * 10 + "</p>"
    began = time.process_time()
    assert findings(*[text(body)] * 200) == []
    assert time.process_time() - began < 1
