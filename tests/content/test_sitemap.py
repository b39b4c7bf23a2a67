from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client

from content.findable import sitemap
from tests.content.factories import make_live_page, make_page

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def read(client: Client, path: str = "/sitemap.xml") -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return ET.fromstring(response.content)  # noqa: S314 -- our own


def locations(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.findall(".//s:loc", NAMES)]


def alternates(root: ET.Element, location: str) -> dict[str, str]:
    [entry] = [entry for entry in root.findall("s:url", NAMES) if entry.findtext("s:loc", "", NAMES) == location]
    return {link.attrib["hreflang"]: link.attrib["href"] for link in entry.findall("x:link", NAMES)}


def test_it_lists_what_is_live_by_the_sites_own_address(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    make_live_page(slug="home")
    make_live_page(slug="goals")
    make_page(slug="draft")
    found = locations(read(client))
    assert {"https://www.example.com/", "https://www.example.com/goals/"} < set(found)
    assert "https://www.example.com/admissions/" in found
    assert "draft" not in " ".join(found)
    assert not [location for location in found if "received" in location or "print" in location]


def test_it_says_when_the_words_changed(client: Client) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False):
        make_live_page(slug="goals")
    [changed] = [entry.text for entry in read(client).findall(".//s:lastmod", NAMES)]
    assert changed == "2026-03-02T15:00:00+00:00"


def test_translations_name_each_other_and_the_first_language_is_for_everybody_else(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    english = make_live_page(slug="goals")
    make_live_page(slug="metas", language="es", translation_of=english)
    make_live_page(slug="alone")
    root = read(client)
    both = {
        "en": "https://www.example.com/goals/",
        "es": "https://www.example.com/es/metas/",
        "x-default": "https://www.example.com/goals/",
    }
    assert alternates(root, both["en"]) == alternates(root, both["es"]) == both
    assert alternates(root, "https://www.example.com/alone/") == {}
    assert "es" in alternates(root, "https://www.example.com/admissions/")


def test_a_language_without_pages_is_not_offered(client: Client) -> None:
    make_live_page(slug="goals")
    assert not [location for location in locations(read(client)) if "/es/" in location]


def test_too_many_addresses_for_one_file_are_in_several(client: Client, monkeypatch) -> None:
    for _number in range(3):
        make_live_page()
    everything = locations(read(client))
    monkeypatch.setattr(sitemap, "PAGE_SIZE", 2)
    files = locations(read(client))
    parts = [locations(read(client, "/" + file.rpartition("/")[2])) for file in files]
    assert max(map(len, parts)) == 2
    assert [location for part in parts for location in part] == everything
    assert client.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_it_takes_the_same_queries_whatever_there_is(client: Client, django_assert_num_queries) -> None:
    make_live_page()
    with django_assert_num_queries(2):  # one a language
        client.get("/sitemap.xml")
    for _number in range(5):
        make_live_page()
    with django_assert_num_queries(2):
        client.get("/sitemap.xml")
