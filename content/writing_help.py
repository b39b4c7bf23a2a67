"""Writing help for this site: staff's word lists from the database, and what the links of a page may lead to."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from content.models import Page, Publication, WritingRule
from content.models.page import path_of
from content.writing import Context, Finding, Rules, check_document, default_rows, page_grade

# What the site answers beside its pages. Not reversed: the staff surface checks public links without routing them.
SITE_PATHS = frozenset(
    {"/", "/admissions/", "/admissions/privacy/", "/crisis/", "/guide/print/", "/search/", "/which-level/"}
)


def findings_of(document: dict[str, Any]) -> list[Finding]:
    """What the checks say about a frozen document, what blocks publishing first; five queries."""
    rules, context = rules_for(document["language"]), link_context()
    # A page may link to itself before it is live.
    own = Context(
        known_pages=context.known_pages,
        live_pages=context.live_pages | {document["uid"]},
        live_paths=context.live_paths | {path_of(document["slug"], document["language"])},
    )
    return check_document(document, rules=rules, context=own)


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


def link_context() -> Context:
    live = list(Publication.objects.live().values_list("page__uid", "slug", "language"))
    # Where one of them was live before, readers are led on.
    left = Publication.objects.filter(page__uid__in=[uid for uid, *_address in live], starts_at__lte=timezone.now())
    addresses = {(slug, language) for _uid, slug, language in live} | set(left.values_list("slug", "language"))
    return Context(
        known_pages=frozenset(str(uid) for uid in Page.objects.kept().values_list("uid", flat=True)),
        live_pages=frozenset(str(uid) for uid, *_address in live),
        live_paths=site_paths() | {path_of(slug, language) for slug, language in addresses},
    )


def site_paths() -> frozenset[str]:
    """What the site answers beside its pages, in each language."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return SITE_PATHS | {f"/{language}{path}" for language in others for path in SITE_PATHS}


def grade_of(document: dict[str, Any]) -> int | None:
    """The school grade that the page reads like; None where that cannot be said."""
    return page_grade(document, rules=rules_for(document["language"]))
