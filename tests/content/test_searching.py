"""What is found, and in which order: the same on SQLite and on PostgreSQL. `make test` runs this file on both."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import publishing
from content.models import CallToAction, Question, RichText, SearchEntry
from content.searching import engine, highlight
from content.searching.words import readable, stems
from tests.content.factories import add_block, make_page
from tests.content.searching import marked, page_saying, search, shown, slugs

pytestmark = pytest.mark.django_db


# --- What is found ---------------------------------------------------------------------------------------------------


def test_titles_answers_headings_questions_and_texts_are_searched() -> None:
    page = make_page(slug="here", title="Lanterns", summary="About the meadow and its light.", blocks=0)
    add_block(
        page, RichText, body="<h2>Of harbors</h2><p>A sentence on <strong>thimbles</strong>.</p><h3>Orchards</h3>"
    )
    add_block(page, Question, question="May I whistle?", answer="<ul><li>Of course, at <em>noon</em>.</li></ul>")
    publishing.publish(page=page, by=None)
    page_saying(slug="elsewhere")
    for word in ("lanterns", "meadow", "harbors", "thimbles", "orchards", "whistle", "noon"):
        assert slugs(word) == ["here"], word


def test_buttons_and_what_is_no_words_are_not() -> None:
    page = make_page(slug="here", blocks=0)
    add_block(page, CallToAction, heading="Ready?", label="Connect with Admissions")
    add_block(page, RichText, body='<p><a href="https://example.org/unread">A link</a></p>')
    publishing.publish(page=page, by=None)
    assert slugs("link") == ["here"]
    assert slugs("connect") == slugs("unread") == slugs("https") == slugs("strong") == []


def test_a_better_place_comes_first_however_often_the_word_is_said_in_worse_ones() -> None:
    # In the opposite order of the guide, which breaks ties.
    often = "<p>" + "lantern " * 60 + "</p>"
    page_saying(slug="text", order=1, body=often)
    page_saying(slug="heading", order=2, body="<h2>A lantern</h2>" + "<p>Many other words here.</p>" * 40)
    page_saying(slug="answer", order=3, summary="Somebody who holds a lantern up.", body="<p>Other words.</p>" * 40)
    page_saying(slug="title", order=4, title="The lantern", body="<p>Very many other words.</p>" * 40)
    page_saying(slug="none", order=5)
    assert slugs("lantern") == ["title", "answer", "heading", "text"]


def test_pages_that_are_as_good_stand_in_the_order_of_the_guide() -> None:
    for number in (3, 1, 2):
        page_saying(slug=f"page-{number}", title="Lantern", order=number)
    assert slugs("lantern") == ["page-1", "page-2", "page-3"]


def test_other_forms_of_a_word_are_found_in_both_languages() -> None:
    page_saying(slug="therapies", title="Which therapies")
    page_saying(slug="terapias", title="Qué terapias", language="es")
    assert slugs("therapy") == ["therapies"]
    assert slugs("terapia", "es") == ["terapias"]


def test_other_words_for_the_same_are_found_in_both_languages() -> None:
    page_saying(slug="medicine", title="Your medicine")
    page_saying(slug="costos", title="Los costos", language="es")
    assert slugs("meds") == ["medicine"]
    assert slugs("¿cuánto cuesta?", "es") == ["costos"]


@pytest.mark.parametrize("typed", ["depresión", "DEPRESION", "depresio\u0301n", "Depresión."])
def test_accents_and_case_do_not_count(typed: str) -> None:
    page_saying(slug="with", title="La depresión", language="es")
    page_saying(slug="without", title="La DEPRESION", language="es")
    assert slugs(typed, "es") == ["with", "without"]


def test_each_language_has_its_own_pages() -> None:
    page_saying(slug="english", title="Virtual")
    page_saying(slug="espanol", title="Virtual", language="es")
    assert slugs("virtual") == ["english"]
    assert slugs("virtual", "es") == ["espanol"]


def test_a_question_is_searched_for_by_the_words_that_say_something() -> None:
    page_saying(slug="cost", title="Cost and insurance")
    page_saying(slug="other", title="How much it does")
    assert slugs("How much does it cost?") == ["cost"]
    # Unless there are no others.
    assert slugs("how much") == ["other"]


def test_every_word_must_be_there_and_else_some_must() -> None:
    page_saying(slug="both", title="Lantern meadow")
    page_saying(slug="one", title="Lantern harbor")
    assert slugs("meadow lantern") == ["both"]
    assert not search("meadow lantern").is_partial
    found = search("meadow lantern xylophone")
    assert [hit.page.slug for hit in found.hits] == ["both", "one"]
    assert found.is_partial
    assert search("xylophone zither").hits == []


def test_numbers_and_names_of_laws_are_found_as_they_are() -> None:
    page_saying(slug="law", body="<p>See 42 CFR 410.44, FMLA, 1e5, 0x1f, vIOP2 and naïve co-pays at 3–4 o’clock.</p>")
    for text in ("42 cfr 410.44", "fmla", "1e5", "0x1f", "viop2", "naive", "co-pay", "3–4", "o'clock", "oclock"):
        assert slugs(text) == ["law"], text


def test_the_page_whose_title_or_address_has_most_of_the_words_comes_first() -> None:
    page_saying(slug="answer", summary="Of lanterns, lanterns, and of the meadow.", order=1)
    page_saying(slug="one", title="A lantern", body="<p>Meadow.</p>", order=2)
    page_saying(slug="meadows", title="Lanterns outside", body="<p>Meadow.</p>", order=3)
    page_saying(slug="whole", title="Very long words on the meadow, and on the lantern", order=4)
    assert slugs("lantern meadow") == ["whole", "meadows", "one", "answer"]


def test_a_word_that_many_pages_have_leads_nowhere_by_itself() -> None:
    for number in range(10):
        page_saying(slug=f"page-{number}", title="Marmalade" if number == 3 else f"Number {number}", order=number)
    # Every page ends with "nothing more"; see page_saying.
    assert len(slugs("nothing")) == 10
    assert slugs("nothing xylophone") == []
    assert slugs("nothing marmalade xylophone") == ["page-3"]


def test_a_name_is_no_other_form_of_a_word_that_looks_like_it() -> None:
    page_saying(slug="medico", title="El médico", body="<p>Los medicamentos.</p>", language="es")
    page_saying(slug="seguro", title="El seguro", language="es")
    found = search("medicaid", "es")
    assert [hit.page.slug for hit in found.hits] == ["seguro"]
    assert found.meant == []


# --- Misspelt words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "word", "language"),
    [
        ("insurrance", "insurance", "en"),
        ("anxeity", "anxiety", "en"),
        ("tehrapi", "therapy", "en"),
        ("depresion", "depression", "en"),
        ("skool", "school", "en"),
        ("teeen", "teen", "en"),
        ("insur", "insurance", "en"),
        ("ansiedda", "ansiedad", "es"),
        ("adolesentes", "adolescentes", "es"),
        ("segurro", "seguro", "es"),
        ("tearpia", "terapia", "es"),
        ("niñso", "niños", "es"),
    ],
)
def test_one_or_two_letters_may_be_wrong(typed: str, word: str, language: str) -> None:
    page_saying(slug="here", title=f"On {word}", language=language)
    page_saying(slug="elsewhere", title="Marmalade", language=language)
    found = search(typed, language)
    assert [hit.page.slug for hit in found.hits] == ["here"]
    assert word in marked(shown(typed, language).title).replace("[", "").replace("]", "")
    assert "[" in marked(shown(typed, language).title)


def test_a_word_that_a_page_has_is_not_taken_for_another() -> None:
    page_saying(slug="cots", title="Cots")
    page_saying(slug="cost", title="Cost")
    assert slugs("cots") == ["cots"]
    assert search("cots").meant == []


def test_a_short_unknown_word_beside_a_known_one_is_left_as_it_is() -> None:
    page_saying(slug="group", title="A group")
    page_saying(slug="side", title="The group beside the side door")
    found = search("group size")
    assert found.meant == []
    assert [hit.page.slug for hit in found.hits] == ["group", "side"]


def test_what_no_live_page_says_is_never_suggested() -> None:
    page = page_saying(slug="here", title="Marmalade")
    publishing.take_down(page=page, by=None)
    page_saying(slug="other", title="Harbor")
    found = search("marmelade")
    assert found.hits == []
    assert found.meant == []


# --- How it is shown -------------------------------------------------------------------------------------------------


def test_the_excerpt_is_from_where_the_words_stand() -> None:
    long = "Word after word goes by. " * 30
    page = page_saying(
        slug="here", body=f"<h2>First</h2><p>Before.</p><h2>The second part</h2><p>{long}The lanterns glow. {long}</p>"
    )
    result = shown("lantern")
    assert (result.path, result.id, result.heading) == ("/here/", "the-second-part", "The second part")
    text = marked(result.excerpt)
    assert "The [lanterns] glow." in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < highlight.LONGEST + 10
    assert f'id="{result.id}"' in Client().get(page.get_absolute_url()).text


def test_of_headings_that_read_alike_the_right_one_is_linked() -> None:
    page_saying(slug="here", body="<h2>Part</h2><p>One.</p><h2>Part</h2><p>Lantern &amp; more.</p>")
    result = shown("lantern")
    assert result.id == "part-2"
    assert marked(result.excerpt) == "[Lantern] & more."


def test_the_short_answer_is_shown_where_the_title_or_it_has_the_words() -> None:
    page_saying(slug="here", title="Lanterns", summary="What they are good for.", body="<h2>X</h2><p>A lantern.</p>")
    result = shown("lantern")
    assert marked(result.title) == "[Lanterns]"
    assert marked(result.excerpt) == "What they are good for."
    assert result.id == ""


def test_a_question_stands_with_its_answer() -> None:
    page = make_page(blocks=0)
    add_block(page, Question, question="May I whistle?", answer="<p>Of course.</p>")
    publishing.publish(page=page, by=None)
    assert marked(shown("whistle").excerpt) == "May I [whistle]? Of course."


# --- Whatever people write -------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=("L", "N", "Zs", "Po", "Mn"), max_codepoint=0x5FF), min_size=1, max_size=60))
def test_whatever_is_written_is_found_by_its_own_words(written: str) -> None:
    """However odd they are: the databases take the words as they were read (a few letters of other scripts apart)."""
    if not SearchEntry.objects.exists():
        page_saying()
    entry, expected = SearchEntry.objects.get(), stems(readable(written), "en")
    SearchEntry.objects.update(title=" ".join(expected))
    assert engine.known(expected, [entry.version_id]) == dict.fromkeys(expected, 1)
    assert bool(engine.matches([[one] for one in expected], [entry.version_id], every=True)) == bool(expected)
