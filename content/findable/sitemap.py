"""sitemap.xml: every address that search engines may show, when its words changed, and the same in other languages.

Form: https://www.sitemaps.org/protocol.html, with the alternates that search engines read from `xhtml:link`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from content.findable.addresses import absolute
from content.published import LivePage, live
from iop_site.security import public_page

# The most addresses that one file may have.
PAGE_SIZE = 50_000
# What the site itself answers and search engines may show. Lists of results, prints and confirmations are not among it.
OWN_PAGES = ("admissions:enquiry_create", "admissions:privacy_facts", "content:crisis", "content:which_level")


@dataclass(frozen=True)
class Entry:
    """`alternates`: hreflang → address, this one among them; empty where the words are in one language alone."""

    location: str
    alternates: dict[str, str]
    changed_at: datetime | None = None


def entries() -> list[Entry]:
    """Those of each language together."""
    order = {code: number for number, (code, _name) in enumerate(settings.LANGUAGES)}
    pages = sorted((page for page in live() if page.language in order), key=lambda page: order[page.language])
    return [*_of_pages(pages), *_of_own_pages(list(dict.fromkeys(page.language for page in pages)))]


def _of_pages(pages: list[LivePage]) -> Iterator[Entry]:
    same: dict[str, dict[str, str]] = defaultdict(dict)
    for page in pages:
        same[page.original][page.language] = absolute(page.path)
    for page in pages:
        yield Entry(absolute(page.path), alternates_among(same[page.original]), page.changed_at)


def _of_own_pages(languages: list[str]) -> Iterator[Entry]:
    for name in OWN_PAGES:
        addresses = {language: address for language in languages if (address := _address(name, language))}
        for address in addresses.values():
            yield Entry(address, alternates_among(addresses))


def _address(name: str, language: str) -> str:
    with translation.override(language):
        try:
            return absolute(reverse(name))
        except NoReverseMatch:
            return ""


def alternates_among(addresses: dict[str, str]) -> dict[str, str]:
    """`addresses` by language, and for everybody else ('x-default') that in the site's first language."""
    if len(addresses) < 2:
        return {}
    first = addresses.get(settings.LANGUAGE_CODE)
    return addresses | ({"x-default": first} if first else {})


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All addresses, or a list of the files that have them."""
    found = entries()
    if len(found) <= PAGE_SIZE:
        return _xml(request, "content/sitemap.xml", {"entries": found})
    numbers = range(1, math.ceil(len(found) / PAGE_SIZE) + 1)
    files = [absolute(reverse("sitemap_part", args=[number])) for number in numbers]
    return _xml(request, "content/sitemap_index.xml", {"files": files})


@public_page
@require_safe
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    part = entries()[(number - 1) * PAGE_SIZE : number * PAGE_SIZE] if number else []
    if not part:
        raise Http404
    return _xml(request, "content/sitemap.xml", {"entries": part})


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml")
