from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.writing import RuleKind, Rules, default_rows
from content.writing.rules import PhraseList

ENGLISH, SPANISH = (Rules.of(language, default_rows(language)) for language in ("en", "es"))


def found(phrases: PhraseList, text: str) -> list[str]:
    return [text[match.start : match.end] for match in phrases.matches(text)]


def test_phrases_are_found_whatever_their_case() -> None:
    assert found(PhraseList([("mentally ill", "")]), "MENTALLY  ill") == ["MENTALLY  ill"]


def test_only_whole_words_are_found() -> None:
    assert found(PhraseList([("addict", "")]), "addiction, addictive, non-addict, addict-like, addict.") == ["addict"]


def test_a_star_stands_for_any_ending_of_a_word() -> None:
    phrases = PhraseList([("commit* suicide", "")])
    assert found(phrases, "committed suicide, commits suicide, commit suicide, recommit suicide") == [
        *("committed suicide", "commits suicide", "commit suicide")
    ]


def test_without_a_star_no_ending_is_tolerated() -> None:
    assert found(PhraseList([("cure", "")]), "cured cures cure") == ["cure"]


def test_the_longest_phrase_wins() -> None:
    (match,) = PhraseList([("mentally ill", "a"), ("the mentally ill", "b")]).matches("the mentally ill")
    assert match.suggestion == "b"


def test_an_exception_covers_the_phrase_within_it() -> None:
    phrases = PhraseList([("alcoholics", "x"), ("Alcoholics Anonymous", None)])
    assert found(phrases, "Alcoholics Anonymous is not for alcoholics only.") == ["alcoholics"]


def test_accents_count() -> None:
    phrases = PhraseList([("está", "")])
    assert found(phrases, "esta ESTÁ") == ["ESTÁ"]


def test_curly_and_straight_apostrophes_are_the_same() -> None:
    assert found(PhraseList([("don't", "")]), "don’t") == ["don’t"]


@pytest.mark.parametrize("phrases", [[], [("", "")], [("*", "")], [(" ", "")]])
def test_a_list_without_phrases_finds_nothing(phrases: list[tuple[str, str]]) -> None:
    assert found(PhraseList(phrases), "any text * at all") == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), st.text())), st.text())
def test_no_phrase_that_staff_write_can_raise(phrases: list[tuple[str, str]], text: str) -> None:
    for match in PhraseList(phrases).matches(text):
        assert 0 <= match.start < match.end <= len(text)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*RuleKind.values, "of the future"]), st.text(), st.text())))
def test_no_row_that_staff_write_can_raise(rows: list[tuple[str, str, str]]) -> None:
    assert Rules.of("en", rows).language == "en"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_default_lists_have_every_kind_and_no_phrase_twice(language: str) -> None:
    rows = default_rows(language)
    assert {row.kind for row in rows} == set(RuleKind.values)
    assert len({(row.kind, row.phrase.casefold()) for row in rows}) == len(rows)


def test_a_language_without_lists_has_no_rows() -> None:
    assert default_rows("../en") == default_rows("xx") == []


def test_grades_are_for_english_only() -> None:
    assert ENGLISH.grade_limit == 8
    assert SPANISH.grade_limit is None


@pytest.mark.parametrize(
    "text",
    [
        "He committed suicide.",
        "A failed suicide attempt",
        "Suicide victims",
        "We ask for a no-suicide contract.",
        "the mentally ill",
        "She is bipolar.",
        "He suffers from depression.",
        "schizophrenics",
        "drug abusers",
        "an addict",
        "She got clean.",
    ],
)
def test_the_english_list_finds(text: str) -> None:
    assert found(ENGLISH.wording, text)


@pytest.mark.parametrize(
    "text",
    [
        "He died by suicide.",
        "thoughts of suicide",
        "the Suicide & Crisis Lifeline",
        "people with a mental health condition",
        "She has bipolar disorder.",
        "addiction",
        "Alcoholics Anonymous",
        "the Substance Abuse and Mental Health Services Administration",
        "a borderline personality disorder",
        "clean and dry rooms",
    ],
)
def test_the_english_list_lets_pass(text: str) -> None:
    assert found(ENGLISH.wording, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Cometió suicidio.",
        "víctimas de suicidio",
        "los enfermos mentales",
        "Está loco.",
        "Sufre de depresión.",
        "los drogadictos",
        "abuso de sustancias",
        "Es bipolar.",
    ],
)
def test_the_spanish_list_finds(text: str) -> None:
    assert found(SPANISH.wording, text)


@pytest.mark.parametrize(
    "text",
    [
        "Murió por suicidio.",
        "la Línea 988 de Prevención del Suicidio y Crisis",
        "un local, una localidad",
        "Alcohólicos Anónimos",
        "bebidas alcohólicas",
        "trastornos depresivos",
        "un trastorno bipolar",
    ],
)
def test_the_spanish_list_lets_pass(text: str) -> None:
    assert found(SPANISH.wording, text) == []
