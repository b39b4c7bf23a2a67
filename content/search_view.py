"""The search page. What people type there is nobody else's business: it is kept nowhere, and no log has it."""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable, Collection
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content import published
from content.context import addresses_for, pages_for
from content.models import HOME_SLUG
from content.models.page import path_of
from content.searching import crisis, highlight, query
from content.searching.words import asked_for_line, readable
from iop_site.errors import error_page, is_database_away

logger = logging.getLogger(__name__)
RESULTS_ON_A_PAGE = 10
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


def confidential(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Kept by no browser and told to no other page; and what fails is logged by its kind and place alone, because the
    words of an exception, such as a database's, may be those of the visitor."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-6:]))
            logger.error("The search page failed: %s at %s", type(error).__name__, place)
            card = _card_after_all(request)
            status = 503 if is_database_away(error) else 500
            response = error_page(request, status, card=card, can_leave_quickly=card is not None)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return wrapped


def _text(request: HttpRequest) -> str:
    """What was typed. PostgreSQL takes no null character, and a browser sends none."""
    return request.GET.get("q", "").replace("\x00", " ")


def _card(request: HttpRequest) -> dict[str, Any] | None:
    return crisis.card(_text(request), published.language())


def _card_after_all(request: HttpRequest) -> dict[str, Any] | None:
    """Where nothing can be searched; None where this was what failed, of which nobody may hear more than that."""
    try:
        return _card(request)
    except Exception:
        return None


def _front_pages(request: HttpRequest, languages: Collection[str]) -> list[dict[str, str]]:
    """{"language", "path", "line"} of those of `languages` that have a front page."""
    with_one = {address.language for address in addresses_for(request) if address.slug == HOME_SLUG}
    return [
        {"language": code, "path": path_of(HOME_SLUG, code), "line": asked_for_line(code)}
        for code in sorted(with_one.intersection(languages))
    ]


@require_safe
@confidential
def search(request: HttpRequest) -> HttpResponse:
    text, card = _text(request), _card(request)
    language = published.language()
    pages = pages_for(request)
    context: dict[str, Any] = {
        "query": readable(text)[: query.MOST_CHARACTERS],
        "most_characters": query.MOST_CHARACTERS,
        "card": card,
        "can_leave_quickly": card is not None,
        "front_pages": _front_pages(request, query.languages_asked_for(text) - {language}),
    }
    if context["query"]:
        found = query.search(text, pages=pages, levels=published.levels_of_care(), language=language)
        shown = Paginator(found.hits, RESULTS_ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {"found": found, "shown": shown, "results": highlight.results(found, shown.object_list, language)}
    return render(request, "content/search.html", context)
