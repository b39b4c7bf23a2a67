"""What the tests of search share: pages that say something, and a search among those that are live."""

from __future__ import annotations

from django.utils import translation

from content import publishing
from content.models import Page, RichText
from content.published import levels_of_care, live_pages
from content.searching import highlight, query
from content.searching.query import Found
from tests.content.factories import add_block, make_page


def page_saying(body: str = "<p>Nothing more.</p>", **fields: object) -> Page:
    """A live page of one text."""
    page = make_page(blocks=0, **fields)
    add_block(page, RichText, body=body)
    publishing.publish(page=page, by=None)
    return page


def search(text: str, language: str = "en") -> Found:
    with translation.override(language):
        return query.search(text, pages=live_pages(language), levels=levels_of_care(), language=language)


def slugs(text: str, language: str = "en") -> list[str]:
    return [hit.page.slug for hit in search(text, language).hits]


def shown(text: str, language: str = "en") -> highlight.Result:
    found = search(text, language)
    return highlight.results(found, found.hits[:1], language)[0]


def marked(parts: list[highlight.Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts)
