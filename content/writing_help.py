"""Writing help for this site: staff's word lists from the database, and what the links of a page may lead to."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from content.models import Page, Publication, WritingRule
from content.models.page import SLUG, path_of
from content.writing import Context, Destinations, Finding, Rules, check_document, default_rows, page_grade

# What the site answers beside its pages. Not reversed: the staff surface checks public links without routing them.
SITE_PATHS = frozenset(
    {"/", "/admissions/", "/admissions/privacy/", "/crisis/", "/guide/print/", "/search/", "/which-level/"}
)


def findings_of(document: dict[str, Any]) -> list[Finding]:
    """What the checks say about a frozen document, what blocks publishing first; at most five queries, whatever
    the number of pages and links."""

    def look_up(named: Destinations) -> Context:
        there = _what_there_is(named)
        # A page may link to itself before it is live.
        own_path = path_of(document["slug"], document["language"])
        return replace(there, live_pages=there.live_pages | {document["uid"]}, live_paths=there.live_paths | {own_path})

    return check_document(document, rules=rules_for(document["language"]), look_up=look_up)


def rules_for(language: str) -> Rules:
    """Staff's lists; the ones that the software comes with while there are none at all."""
    rows = WritingRule.objects.filter(language=language, is_active=True).values_list("kind", "phrase", "suggestion")
    listed = tuple(rows)
    if not listed and not WritingRule.objects.exists():
        listed = tuple(default_rows(language))
    return _compiled(language, listed)


@lru_cache(maxsize=8)
def _compiled(language: str, rows: tuple[tuple[str, str, str], ...]) -> Rules:
    """The lists become long regular expressions, which are worth keeping."""
    return Rules.of(language, rows)


def _what_there_is(named: Destinations) -> Context:
    """Of `named`, not of the whole site; three queries, none about what is not named."""
    slugs = {path.rstrip("/").rpartition("/")[2] for path in named.paths}
    begun = Publication.objects.filter(
        slug__in=[slug for slug in slugs if SLUG.fullmatch(slug)],
        starts_at__lte=timezone.now(),
        version__isnull=False,
        cancellation__isnull=True,
    ).order_by("starts_at", "pk")
    # An address leads to the page that was live there last, wherever that one is live now.
    page_at = {(slug, language): page for slug, language, page in begun.values_list("slug", "language", "page")}
    known = Page.objects.kept().filter(uid__in=[uid for uid in named.pages if _is_uid(uid)])
    uids = {pk: str(uid) for pk, uid in known.values_list("pk", "uid")}
    live = set(Publication.objects.live().filter(page__in={*uids, *page_at.values()}).values_list("page", flat=True))
    return Context(
        known_pages=frozenset(uids.values()),
        live_pages=frozenset(uid for pk, uid in uids.items() if pk in live),
        live_paths=site_paths() | {path_of(*address) for address, pk in page_at.items() if pk in live},
    )


def _is_uid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def site_paths() -> frozenset[str]:
    """What the site answers beside its pages, in each language."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return SITE_PATHS | {f"/{language}{path}" for language in others for path in SITE_PATHS}


def grade_of(document: dict[str, Any]) -> int | None:
    """The school grade that the page reads like; None where that cannot be said."""
    return page_grade(document, rules=rules_for(document["language"]))
