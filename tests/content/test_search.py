"""The search page, in the order in which a visitor sees it; what is found is tested in test_searching.py."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import HOME_SLUG, SearchEntry
from tests.content.factories import make_live_page, make_site_settings
from tests.content.searching import page_saying

pytestmark = pytest.mark.django_db


# --- The page --------------------------------------------------------------------------------------------------------


def get(client: Client, text: str, path: str = "/search/", **more: str) -> str:
    response = client.get(path, {"q": text} | more)
    assert response.status_code == 200
    return response.text


def test_it_shows_marked_results_and_no_markup_of_what_was_typed_or_written(client: Client) -> None:
    page_saying(slug="here", title="Lantern & <b>co</b>", body="<h2>A < B</h2><p>It glows &lt;i&gt;softly.</p>")
    text = get(client, 'lantern <script>"')
    assert "<mark>Lantern</mark> &amp; &lt;b&gt;co&lt;/b&gt;" in text
    assert "<script>&quot;" not in text.replace("&lt;script&gt;&quot;", "")
    assert 'value="lantern &lt;script&gt;&quot;"' in text
    assert "1 page found" in text


def test_an_empty_search_shows_the_guide(client: Client) -> None:
    make_live_page(slug="here", title="A part of the guide")
    for text in (get(client, ""), get(client, "   "), client.get("/search/").text):
        assert '<a href="/here/">A part of the guide</a>' in text
        assert "found" not in text


@pytest.mark.parametrize("typed", ["xylophone", "😢", '"', "* - ( NEAR"])
def test_an_empty_result_shows_the_guide_and_the_telephone_number_and_what_to_try(client: Client, typed: str) -> None:
    make_site_settings()
    make_live_page(slug="here", title="A part of the guide")
    text = get(client, typed).partition("<main")[2].partition("</main>")[0]
    assert "We found no page with these words" in text
    assert '<a href="/here/">A part of the guide</a>' in text
    assert 'href="tel:+16175550142"' in text
    assert "Try fewer words" in text
    assert "/admissions/" in text


def test_it_says_what_it_looked_for_instead_and_when_words_are_missing(client: Client) -> None:
    page_saying(title="Lantern meadow")
    assert "<strong>lantern</strong>" in get(client, "lanterm")
    assert "No page has all of your words" in get(client, "lantern xylophone")


def test_results_are_on_pages_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.search_view.RESULTS_ON_A_PAGE", 2)
    for number in range(3):
        page_saying(slug=f"lantern-{number}", title=f"Lantern {number}", order=number)
    first, second = get(client, "lantern"), get(client, "lantern", page="2")
    assert "3 pages found" in first
    assert first.count("<mark>") == 2
    assert second.count("<mark>") == 1
    assert 'href="?q=lantern&amp;page=2"' in first
    assert 'href="?q=lantern&amp;page=1"' in second
    assert get(client, "lantern", page="x").count("<mark>") == 2
    assert get(client, "lantern", page="-99999999999999999999").count("<mark>") == 1


def test_it_answers_in_the_language_of_its_address(client: Client) -> None:
    page_saying(slug="aqui", title="Una linterna", language="es")
    text = get(client, "linterna", "/es/search/")
    assert 'lang="es"' in text
    assert 'href="/es/aqui/"' in text
    assert 'action="/es/search/"' in text


def test_long_texts_are_cut_and_it_says_so(client: Client) -> None:
    page_saying(slug="here", title="Lantern")
    text = get(client, "lantern " + "marmalade " * 1000)
    assert 'href="/here/"' in text
    assert "we looked for the first words of it" in text
    assert len(text) < 20_000


def test_only_get_and_head_are_answered(client: Client) -> None:
    assert client.head("/search/", {"q": "x"}).status_code == 200
    assert client.post("/search/", {"q": "x"}).status_code == 405


def test_every_page_links_to_it_and_a_page_not_found_offers_it(client: Client) -> None:
    page = make_live_page()
    assert 'href="/search/"' in client.get(page.get_absolute_url()).text
    assert 'action="/search/"' in client.get("/no-such-page/").text


def test_a_visitor_writes_nothing_and_more_pages_cost_no_more_queries(client: Client) -> None:
    def queries(text: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            get(client, text)
        return [one["sql"] for one in captured]

    page_saying(title="Lantern")
    get(client, "lantern")
    few = queries("lanterm meadow")
    for _ in range(3):
        page_saying(title="Lantern and meadow")
    many = queries("lanterm meadow")
    # A word that is searched for in vain may cost one more than one that is found.
    assert len(many) <= len(few)
    assert {sql.lstrip("( \n").split()[0] for sql in many} == {"SELECT"}


def test_the_card_stands_above_everything_also_when_nothing_is_found(client: Client) -> None:
    text = get(client, "kill myself").partition("<main")[2]
    assert text.index('href="tel:988"') < text.index("<h1")
    assert text.index('href="sms:988"') < text.index('href="tel:911"') < text.index("<h1")


def test_the_spanish_card_says_how_to_reach_somebody_who_speaks_spanish(client: Client) -> None:
    for path in ("/search/", "/es/search/"):
        text = get(client, "suicidio", path).partition("<main")[2].partition("<h1")[0]
        assert 'lang="es"' in text
        assert "oprima 2" in text
        assert "AYUDA" in text
        assert 'href="tel:988"' in text


def test_one_card_is_shown_with_one_line_in_the_other_language(client: Client) -> None:
    text = get(client, "suicide").partition("<main")[2]
    assert text.count("crisis-card") == 1
    assert text.count("En español: llame al 988 y oprima 2") == 1
    assert "In English" not in text


def test_who_types_words_of_crisis_can_leave_quickly(client: Client) -> None:
    assert "Leave this page" in get(client, "suicide")
    assert "Leave this page" not in get(client, "insurance")


def test_who_asks_for_a_language_is_led_to_its_front_page(client: Client) -> None:
    line = "Este sitio en español"
    assert line not in get(client, "espanol")
    make_live_page(slug=HOME_SLUG, language="es")
    assert f'<a href="/es/" lang="es" hreflang="es">{line}</a>' in get(client, "espanol")
    assert line not in get(client, "insurance")
    assert line not in get(client, "español", "/es/search/")


# --- Nobody else's business ------------------------------------------------------------------------------------------

SECRET = "unmistakable lanterm"
NEEDLES = ("unmistakable", "lanterm")


def fail_with(text: str, kind: type[DatabaseError] = DatabaseError) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise kind(f'syntax error in "{text}"')

    return fail


def assert_confidential(response: object) -> None:
    headers = response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"


def test_what_was_searched_for_is_in_no_log_no_cache_and_no_referrer(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    page_saying(title="Lantern")
    with caplog.at_level(logging.INFO):
        response = client.get("/search/", {"q": SECRET})
    assert_confidential(response)
    assert '<meta name="robots" content="noindex">' in response.text
    assert not any(needle in caplog.text for needle in NEEDLES)
    assert not any(needle in title for title in [response.text.partition("</title>")[0]] for needle in NEEDLES)
    assert not response.cookies


@pytest.mark.parametrize("where", ["content.searching.engine.matches", "content.search_view.render"])
def test_not_even_when_the_search_fails(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    make_site_settings()
    page_saying(title="Lantern")
    monkeypatch.setattr(where, fail_with(SECRET))
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        response = client.get("/search/", {"q": SECRET})
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert_confidential(response)
    formatted = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "The search page failed: DatabaseError at" in formatted
    assert not any(needle in formatted + response.text for needle in NEEDLES)


def test_nor_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.search_view.pages_for", fail_with(SECRET, OperationalError))
    response = client.get("/search/", {"q": SECRET})
    assert response.status_code == 503
    assert 'href="tel:988"' in response.text
    assert "crisis-card" not in response.text
    assert_confidential(response)


@pytest.mark.parametrize(("kind", "status"), [(OperationalError, 503), (DatabaseError, 500)])
def test_who_may_be_in_danger_sees_the_card_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: type[DatabaseError], status: int
) -> None:
    monkeypatch.setattr("content.search_view.pages_for", fail_with(SECRET, kind))
    response = client.get("/search/", {"q": "I want to die"})
    assert response.status_code == status
    assert "crisis-card" in response.text
    assert "css/search.css" in response.text
    assert "want to die" not in response.text
    assert_confidential(response)


def test_nor_when_it_is_the_card_that_fails(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("content.search_view.crisis.card", fail_with(SECRET))
    response = client.get("/search/", {"q": SECRET})
    assert response.status_code == 500
    assert not any(needle in caplog.text + response.text for needle in NEEDLES)


def test_an_address_that_was_refused_is_told_to_no_other_page(client: Client) -> None:
    assert client.get("/no-such-page/", {"q": SECRET}).headers["Referrer-Policy"] == "no-referrer"


# --- Whatever people type --------------------------------------------------------------------------------------------

OPERATORS = [
    '"',
    "'",
    "*",
    "-",
    "(",
    ")",
    ":",
    "^",
    "NEAR(",
    " AND ",
    " OR ",
    " NOT ",
    "\\",
    "%",
    "|",
    "&",
    "!",
    "<->",
    "\x00",
]
anything = st.lists(
    st.one_of(st.sampled_from([*OPERATORS, "lantern", "ß", "ﬁ", "½", "👩‍👧", "́"]), st.text(max_size=12))
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_text_is_answered(client: Client, parts: list[str]) -> None:
    if not SearchEntry.objects.exists():
        page_saying(title="Lantern")
    response = client.get("/search/", {"q": " ".join(parts)})
    # A null byte is refused for all pages alike.
    assert response.status_code == (400 if "\x00" in "".join(parts) else 200)
