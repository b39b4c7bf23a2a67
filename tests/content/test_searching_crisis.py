"""Words of crisis, and words that are none."""

from __future__ import annotations

import pytest

from content.searching import crisis
from content.searching.words import crisis_phrases, other_than_crisis

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
        ("suicde", "en"),
        ("kil myself", "en"),
        ("overdoes", "en"),
        ("she is cuting", "en"),
        ("shot myself", "en"),
        ("suicidio", "es"),
        ("suisidio", "es"),
        ("quiero matarme", "es"),
        ("Quiero morir", "es"),
        ("QUITARME LA VIDA", "es"),
        ("autolesión", "es"),
        ("kiero morir", "es"),
        ("suisidarme", "es"),
        ("mi hijo no puede más", "es"),
        ("me corté", "es"),
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


ORDINARY = {
    "en": """
insurance; killer whale; what does a day cost; group therapy; dying to know; putting; putting my life back together
making my life better; changing myself; what is cut from my pay; homeless; homelessness services; overcoming anxiety
do you accept homeless people; who is sending it; are you billing my insurance; giving up caffeine; overused medication
what does a week look like; how long does it last; is it covered by aetna; blue cross; can i work; school letter
do i have to talk in group; how many people in a group; parking; can my son come after school; teen depression
panic attacks; what to bring on the first day; my medication; side effects; fmla leave; short term disability
is it virtual; family sessions; what if i miss a day; aftercare; step down from php; difference between php and iop
residential or iop; anger; grief; my husband died; living alone; tired of waiting; emergent care; late life depression
i feel sad; lonely; bipolar; sleep; eating disorder; trauma; emdr; dbt skills; privacy; who sees my records; referral
life after treatment; i need hope; end of treatment; how do i end treatment early
""",
    "es": """
seguro; morir; cuánto me costó; mi hijo se porta mal; ya no puede ir a la escuela; mi esposo está muerto
subsidio de desempleo; acordarme de la cita; puedo contarle a mi familia; contarme más; ahorrarme dinero; no me rinde
horario; cuánto dura; qué llevar; puedo trabajar; carta para la escuela; medicamentos; terapia de grupo; ansiedad
depresión; mi hija adolescente; duelo; soledad; no puedo dormir; ataques de pánico; qué pasa el primer día; por video
estacionamiento; cerca de mi casa; aceptan medicaid; hablan español; vida después del tratamiento; esperanza
fin del tratamiento; quiero mejorar; quiero vivir mejor; tengo ganas de mejorar; no quiero seguro privado; privacidad
""",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_ordinary_questions_show_none(language: str) -> None:
    queries = ["", *(query.strip() for query in ORDINARY[language].replace("\n", ";").split(";"))]
    assert [query for query in queries if crisis.card(query, language)] == []


def test_a_word_that_is_another_is_none_by_itself() -> None:
    single = {phrase[0] for phrases in crisis_phrases().values() for phrase in phrases if len(phrase) == 1}
    assert not other_than_crisis() & single
