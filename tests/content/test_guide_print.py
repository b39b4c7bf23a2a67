from __future__ import annotations

import re

import pytest
from django.test import Client

from content.models import RichText
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
    # live pages, documents, their reviews, settings, office hours
    with django_assert_max_num_queries(5):
        client.get("/guide/print/")
