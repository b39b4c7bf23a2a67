from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from content import printing
from content.models import Page, RichText
from content.publishing import publish
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings

pytestmark = pytest.mark.django_db


def test_the_whole_guide_stands_on_one_page_in_order(client: Client) -> None:
    make_site_settings()
    make_live_page(slug="second", title="Second chapter", order=20)
    make_live_page(slug="first", title="First chapter", order=10)
    make_live_page(slug="privacy", title="Privacy notice", section="site")
    make_page(slug="draft", title="Draft chapter", order=30)
    text = client.get("/guide/print/").text
    assert text.index("First chapter") < text.index("Second chapter")
    assert "Draft chapter" not in text
    assert "(617) 555-0142" in text
    assert "988" in text


def test_ids_stay_apart_where_chapters_have_the_same_headings(client: Client) -> None:
    for slug in ("one", "two"):
        page = make_page(slug=slug, blocks=0)
        add_block(page, RichText, body="<h2>The same</h2><p>x</p>")
        publish(page=page, by=None)
    ids = re.findall(r'\bid="([^"]+)"', client.get("/guide/print/").text)
    assert len(ids) == len(set(ids))


def test_without_a_live_guide_it_is_not_found(client: Client) -> None:
    make_page()
    assert client.get("/guide/print/").status_code == 404


def test_it_takes_the_same_queries_whatever_the_number_of_chapters(
    client: Client, django_assert_max_num_queries
) -> None:
    for _number in range(8):
        make_live_page(blocks=3)
    # live pages, documents, their reviews, settings, office hours, addresses in other languages
    with django_assert_max_num_queries(6):
        client.get("/guide/print/")


class TestHandout:
    @pytest.fixture(autouse=True)
    def guide(self) -> None:
        make_site_settings()
        for order, slug in enumerate(["first", "second", "third"]):
            make_live_page(slug=slug, title=f"The {slug} chapter", order=order)
        make_live_page(slug="for-me", title="Who it is for", section="path")
        make_live_page(slug="segunda", title="Otro idioma", language="es")
        make_page(slug="draft", title="A draft")

    @pytest.mark.parametrize(
        "query", ["pages=third,first", "pages=third&pages=&pages=first", "pages=first,third,first"]
    )
    def test_it_has_the_chosen_pages_in_the_order_of_the_guide(self, client: Client, query: str) -> None:
        text = client.get(f"/guide/print/?{query}").text
        titles = re.findall(r'<h2 id="part--[^>]*>(.*?)</h2>', text)
        assert titles == ["The first chapter", "The third chapter"]
        assert "left out" not in text
        assert "(617) 555-0142" in text

    @pytest.mark.parametrize(
        ("pages", "sentence"),
        [("first,draft", "One page in that address"), ("first,segunda,draft,%01", "3 pages in that address")],
    )
    def test_what_is_not_live_in_this_language_is_left_out_with_a_sentence(
        self, client: Client, pages: str, sentence: str
    ) -> None:
        text = client.get(f"/guide/print/?pages={pages}").text
        assert re.findall(r'id="part--([^"]+)"', text) == ["first"]
        assert sentence in text

    def test_a_page_may_be_named_as_in_another_language(self, client: Client) -> None:
        make_live_page(slug="dos", language="es", translation_of=Page.objects.get(slug="second"))
        text = client.get("/guide/print/?pages=dos,second,third").text
        assert re.findall(r'id="part--([^"]+)"', text) == ["second", "third"]
        assert "left out" not in text

    @pytest.mark.parametrize(
        ("query", "address"),
        [
            ("", "/guide/print/"),
            ("?pages=second", "/second/"),
            ("?pages=third,first,nope", "/guide/print/?pages=first,third"),
        ],
    )
    def test_its_code_and_its_words_lead_to_the_same_address(
        self, client: Client, settings: Any, query: str, address: str
    ) -> None:
        whole = f"{settings.SITE_URL}{address}"
        text = client.get(f"/guide/print/{query}").text
        assert f'<a href="{whole}">{whole}</a>' in text
        assert f'd="{printing.qr_code(whole).path}"' in text

    def test_so_many_pages_that_no_code_could_hold_them_lead_to_the_guide(self, client: Client, settings: Any) -> None:
        slugs = [f"a-rather-long-address-of-a-page-{number}" for number in range(10)]
        for slug in slugs:
            make_live_page(slug=slug)
        text = client.get("/guide/print/", {"pages": ",".join(slugs)}).text
        assert f'<a href="{settings.SITE_URL}/guide/print/">' in text

    @pytest.mark.parametrize(
        ("pages", "says"), [("", "Choose at least one"), (",", "Choose at least"), ("x", "None of")]
    )
    def test_without_a_page_it_asks_which(self, client: Client, pages: str, says: str) -> None:
        response = client.get("/guide/print/", {"pages": pages})
        assert response.status_code == 200
        assert says in response.text
        offered = re.findall(r'type="checkbox" name="pages" value="([^"]+)"', response.text)
        assert offered == ["first", "second", "third", "for-me"]

    def test_the_form_is_found_from_the_guide_and_from_the_footer(self, client: Client) -> None:
        main, footer = client.get("/guide/print/").text.split("</main>")
        assert 'href="/guide/print/?pages="' in main
        assert 'href="/guide/print/?pages="' in footer


def test_the_path_of_a_code_draws_its_dark_squares() -> None:
    code = printing.qr_code("https://example.org/goals/")
    drawn = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path)
        for step in range(int(length))
    }
    quiet = printing.QUIET_ZONE
    # The finder at the upper left: a dark ring of seven, a light one of five, a dark square of three (ISO/IEC 18004).
    finder = {(x, y) for x in range(7) for y in range(7)} - {
        (x, y) for x in range(1, 6) for y in range(1, 6) if not (2 <= x <= 4 and 2 <= y <= 4)
    }
    assert {(x - quiet, y - quiet) for x, y in drawn if x < quiet + 7 and y < quiet + 7} == finder
    assert all(quiet <= at < code.size - quiet for square in drawn for at in square)
