"""Titles and descriptions, by which people choose among search results."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as site
from django.test import Client

from content import sample_program
from tests.content.factories import make_live_page, make_site_settings

LANGUAGES = [code for code, _name in site.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pages_of_the_sample_have_the_same(language: str) -> None:
    files = sample_program.page_files(language)
    assert len(files) > 20
    for name in ("title", "description"):
        texts = [file[name] for file in files]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_fit_into_a_line_and_two(language: str) -> None:
    for file in sample_program.page_files(language):
        assert 8 <= len(file["title"]) <= 70, file["slug"]
        assert 50 <= len(file["description"]) <= 160, file["slug"]


@pytest.mark.django_db
def test_a_page_says_them_and_its_own_address_whatever_it_was_asked_by(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    make_site_settings(organisation_name="Lantern Test IOP")
    make_live_page(slug="goals", title="The goals", description="What we want to reach together, & how.")
    html = client.get("/goals/", headers={"host": "elsewhere.example"}).text
    assert "<title>The goals – Lantern Test IOP</title>" in html
    assert '<meta name="description" content="What we want to reach together, &amp; how.">' in html
    assert '<link rel="canonical" href="https://www.example.com/goals/">' in html
    shared = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', html))
    assert shared["og:title"] == "The goals"
    assert shared["og:url"] == "https://www.example.com/goals/"
    assert shared["og:site_name"] == "Lantern Test IOP"
    assert shared["twitter:card"] == "summary_large_image"
    assert "elsewhere" not in html


@pytest.mark.django_db
def test_the_form_can_be_found_and_an_error_page_cannot(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    html = client.get("/es/admissions/").text
    assert '<link rel="canonical" href="https://www.example.com/es/admissions/">' in html
    assert '<meta name="description"' in html
    assert "canonical" not in client.get("/nowhere/").text
