"""Words of crisis, and words that are none."""

from __future__ import annotations

import pytest

from content.searching import crisis

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("suicide", "en"),
        ("Suiside?", "en"),
        ("sucide help", "en"),
        ("I want to kill myself", "en"),
        ("i want to die", "en"),
        ("I don’t want to live anymore", "en"),
        ("dont want to be here", "en"),
        ("self-harm", "en"),
        ("my son is suicidal", "en"),
        ("suicidio", "es"),
        ("suisidio", "es"),
        ("quiero matarme", "es"),
        ("Quiero morir", "es"),
        ("QUITARME LA VIDA", "es"),
        ("autolesión", "es"),
    ],
)
def test_words_of_crisis_show_the_card_of_their_language_whatever_the_page_is_in(typed: str, language: str) -> None:
    for page_language in ("en", "es"):
        card = crisis.card(typed, page_language)
        assert card is not None
        assert card["language"] == language


@pytest.mark.parametrize("typed", ["want to end it", "cutting", "i give up", "I feel hopeless", "giving up on life"])
def test_words_of_somebody_who_gives_up_are_words_of_crisis(typed: str) -> None:
    assert crisis.card(typed, "en") is not None


@pytest.mark.parametrize("typed", ["no aguanto más", "quiero desaparecer", "me corto", "Me rindo", "sin esperanza"])
def test_so_they_are_in_spanish(typed: str) -> None:
    assert (crisis.card(typed, "en") or {}).get("language") == "es"


def test_a_word_of_both_languages_shows_the_card_of_the_page_and_a_line_for_the_other() -> None:
    for language, other in (("en", "es"), ("es", "en")):
        card = crisis.card("crisis", language)
        assert card is not None
        assert card["language"] == language
        assert [line["language"] for line in card["others"]] == [other]
        assert "988" in card["others"][0]["line"]


@pytest.mark.parametrize(
    "typed",
    ["", "insurance", "killer whale", "what does a day cost", "group therapy", "dying to know", "seguro", "morir"],
)
def test_other_words_show_none(typed: str) -> None:
    assert crisis.card(typed, "en") is None
