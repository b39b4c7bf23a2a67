"""A first visit to any page fits into the first window of a connection, in few requests, and leaves no cookie."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

import brotli
import pytest
from playwright.sync_api import Page

from tests.launched import Site

# RFC 6928: ten segments of 1,460 bytes. What the page itself and all that it loads weigh, compressed.
BYTES = 14_600
REQUESTS = 4
# Beside those that search engines are shown
UNLISTED = ["/goals/changes/", "/home/changes/", "/search/", "/search/?q=cost", "/es/search/?q=costo", "/no-such-page/"]
# What browsers fetch of the head's links; of several icons they take the one that scales.
FETCHED_LINKS = {"stylesheet", "manifest", "icon"}
LOADS = {"script", "img", "iframe", "source", "object", "video", "audio", "embed"}


class Loaded(HTMLParser):
    """`paths`: what a browser fetches for the HTML, each once."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.feed(html)
        self.paths = list(dict.fromkeys(self.paths))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        is_lesser_icon = values.get("rel") == "icon" and values.get("type") != "image/svg+xml"
        if tag == "link" and values.get("rel") in FETCHED_LINKS and not is_lesser_icon:
            self.paths.append(values["href"])
        elif tag in LOADS and "src" in values:
            self.paths.append(values["src"])


class Visitor:
    """Fetches as a browser does; files that many pages load are weighed once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.files: dict[str, int] = {}
        self.cookies: list[str] = []

    def get(self, path: str) -> tuple[bytes, bool]:
        """The bytes as they came, and whether they came compressed."""
        request = Request(f"{self.site.url}{path}", headers={"Accept-Encoding": "br"})
        try:
            response = urlopen(request, timeout=10)
        except HTTPError as error:
            response = error
        with response:
            self.cookies += response.headers.get_all("Set-Cookie") or []
            return response.read(), response.headers.get("Content-Encoding") == "br"

    def visit(self, path: str) -> dict[str, int]:
        """Bytes by path."""
        body, is_compressed = self.get(path)
        html = brotli.decompress(body) if is_compressed else body
        # As it will be sent at the least: whoever compresses has time for this quality.
        weights = {path: len(brotli.compress(html, quality=9))}
        for file in Loaded(html.decode()).paths:
            assert file.startswith("/")
            assert not file.startswith("//"), f"{path} asks elsewhere for {file}"
            if file not in self.files:
                self.files[file] = len(self.get(file)[0])
            weights[file] = self.files[file]
        return weights


def test_a_first_visit_to_any_page_is_light(site: Site) -> None:
    visitor = Visitor(site)
    body, is_compressed = visitor.get("/sitemap.xml")
    sitemap = ET.fromstring(brotli.decompress(body) if is_compressed else body)  # noqa: S314 -- our own
    listed = [urlsplit(element.text or "").path for element in sitemap.iter() if element.tag.endswith("}loc")]
    assert {"/", "/es/", "/admissions/", "/es/admissions/", "/crisis/"} < set(listed)
    too_much = {
        path: weights
        for path in [*listed, *UNLISTED]
        if (weights := visitor.visit(path)) and (sum(weights.values()) > BYTES or len(weights) > REQUESTS)
    }
    assert not too_much
    assert not visitor.cookies


@pytest.mark.parametrize("path", ["/", "/teens/", "/admissions/"])
def test_a_browser_fetches_what_is_counted_and_no_more(site: Site, new_page: Callable[..., Page], path: str) -> None:
    """The manifest is fetched when a page is kept on a home screen."""
    page = new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    page.goto(path, wait_until="networkidle")
    counted = Visitor(site).visit(path)
    assert set(fetched) == counted.keys() - {"/site.webmanifest"}
    assert len(fetched) == len(set(fetched))


def test_what_a_browser_fetches_is_found() -> None:
    html = """
        <link rel="icon" href="/favicon.ico" sizes="32x32"><link rel="icon" href="/i.svg" type="image/svg+xml">
        <link rel="canonical" href="/c/"><link rel="stylesheet" href="/s.css"><script src="/j.js" defer></script>
        <img src="/p.webp" alt=""><script type="application/ld+json">{}</script><link rel="stylesheet" href="/s.css">"""
    assert Loaded(html).paths == ["/i.svg", "/s.css", "/j.js", "/p.webp"]
