from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from content.models import RichText
from content.publishing import publish, take_down
from tests.content.factories import add_block, make_live_page, make_page, make_site_settings
from tests.content.reviewers import make_staff

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(client: Client, path: str = "/feed/") -> ET.Element:
    response = client.get(path)
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def texts(root: ET.Element, name: str) -> list[str]:
    return [entry.findtext(f"a:{name}", "", ATOM) for entry in root.findall("a:entry", ATOM)]


def change(page, note: str, by=None) -> None:
    add_block(page, RichText, body=f"<p>Words of {note}.</p>")
    publish(page=page, by=by, change_note=note)


def test_it_says_which_page_changed_when_and_how_newest_first(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    page = make_live_page(slug="goals", title="The goals")
    change(page, "A & <b>B</b>")
    root = read(client)
    assert texts(root, "title") == ["The goals", "The goals"]
    assert texts(root, "summary") == ["A & <b>B</b>", "Published for the first time."]
    assert {summary.attrib["type"] for summary in root.findall("a:entry/a:summary", ATOM)} == {"text"}
    updated = texts(root, "updated")
    assert updated == sorted(updated, reverse=True)
    assert len(set(texts(root, "id"))) == 2
    links = {link.attrib["href"] for link in root.findall("a:entry/a:link", ATOM)}
    assert links == {"https://www.example.com/goals/"}


def test_it_names_nobody_but_the_program(client: Client) -> None:
    make_site_settings(organisation_name="Lantern Test IOP")
    editor = make_staff("publish_page", first_name="Rosalind", last_name="Writer")
    change(make_live_page(), "Clearer", by=editor)
    response = client.get("/feed/")
    assert editor.username not in response.text
    assert "Rosalind" not in response.text
    assert read(client).findtext("a:author/a:name", "", ATOM) == "Lantern Test IOP"


def test_drafts_and_pages_taken_down_are_not_in_it(client: Client) -> None:
    make_page(title="A draft")
    gone = make_live_page(title="Gone")
    take_down(page=gone, by=None)
    assert texts(read(client), "title") == []


def test_each_language_has_its_own(client: Client) -> None:
    make_live_page(title="The goals")
    make_live_page(title="Las metas", language="es")
    assert texts(read(client), "title") == ["The goals"]
    assert texts(read(client, "/es/feed/"), "title") == ["Las metas"]


def test_a_title_that_no_xml_can_hold_is_no_error(client: Client) -> None:
    make_live_page(title="Before\x0bafter")
    assert texts(read(client), "title") == ["Beforeafter"]


def test_it_takes_the_same_queries_whatever_there_is(client: Client, django_assert_num_queries) -> None:
    make_live_page()
    with django_assert_num_queries(5):  # settings, live pages and their titles, changes, reviews
        client.get("/feed/")
    for _number in range(5):
        make_live_page()
    with django_assert_num_queries(5):
        client.get("/feed/")
