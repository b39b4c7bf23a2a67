"""What is live now, read from the database: the only module that visitors' views read pages from."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from content import reviewing
from content.documents import upgraded
from content.models import (
    ClinicalReview,
    LevelOfCare,
    LevelText,
    OfficeHours,
    Page,
    PageVersion,
    Publication,
    SiteSettings,
    SiteText,
)
from content.models.page import path_of
from content.published import facts
from content.published.moment import known, lasting
from content.rendering import Rendered, Renderer

# What a moment knows the list of live pages by.
LIVE = "live"
UNKEPT = "unkept documents"


@dataclass(frozen=True)
class LivePage:
    """A live page as lists of pages need it. `changed_at`: when its words became what visitors read; since then it may
    have been taken down and put up again."""

    version_id: int
    digest: str
    live_since: datetime
    changed_at: datetime
    language: str
    slug: str
    page_id: int
    ends_at: datetime | None
    uid: str
    title: str
    nav_title: str
    summary: str
    section: str
    order: int
    translation_of: str | None = None
    is_in_menu: bool = False
    can_leave_quickly: bool = False

    @property
    def path(self) -> str:
        return path_of(self.slug, self.language)

    @property
    def short_title(self) -> str:
        return self.nav_title or self.title

    @property
    def original(self) -> str:
        """The uid of the page in the site's first language that says the same: for that page its own."""
        return self.translation_of or self.uid


LISTED = (
    "uid",
    "title",
    "nav_title",
    "summary",
    "section",
    "order",
    "translation_of",
    "is_in_menu",
    "can_leave_quickly",
)
# SQLite takes no more than 32,766 values.
MOST_IN_A_QUERY = 10_000


def language() -> str:
    """The code of the language that this request is answered in, such as 'en'."""
    return get_language() or settings.LANGUAGE_CODE


def live() -> list[LivePage]:
    """Every live page of every language in the order of the guide, without their texts; two queries."""
    return known(LIVE, _live)


def _live() -> list[LivePage]:
    now = timezone.now()
    began = Publication.objects.filter(version=OuterRef("version"), starts_at__lte=now, cancellation__isnull=True)
    rows = list(
        Publication.objects.live(now)
        .annotate(changed_at=Subquery(began.order_by("starts_at").values("starts_at")[:1]))
        .values_list(
            "version_id", "version__digest", "starts_at", "changed_at", "language", "slug", "page_id", "ends_at"
        )
    )
    listed = _listed({version: digest for version, digest, *_rest in rows})
    pages = [LivePage(*row, *listed[row[0], row[1]]) for row in rows]
    return sorted(pages, key=lambda page: (page.section, page.order, page.slug))


def _listed(versions: dict[int, str]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """LISTED of each of `versions` ({primary key: digest}), by both: looking into a document is what costs, and no
    version ever changes, so only those are asked for that were not live at the moment before."""
    kept = lasting("listed")
    wanted = versions.items()
    lacking = [pk for pk, digest in wanted if (pk, digest) not in kept]
    found = PageVersion.objects.values_list("pk", "digest", *(f"document__{name}" for name in LISTED))
    new = {
        (pk, digest): tuple(values)
        for start in range(0, len(lacking), MOST_IN_A_QUERY)
        for pk, digest, *values in found.filter(pk__in=lacking[start : start + MOST_IN_A_QUERY])
    }
    listed = {key: kept.get(key) or new[key] for key in wanted}
    kept.clear()
    kept.update(listed)
    return listed


def live_pages(language: str, among: list[LivePage] | None = None) -> list[LivePage]:
    """Those of `language`; `among`: all that are live, where they are known."""
    pages = among if among is not None else live()
    return known(("pages", language), lambda: [page for page in pages if page.language == language])


@dataclass(frozen=True)
class Address:
    """Where a live page is read; pages with the same `original` are translations of each other."""

    language: str
    slug: str
    original: str

    @property
    def path(self) -> str:
        return path_of(self.slug, self.language)


def addresses(among: list[LivePage]) -> list[Address]:
    """Of each page."""
    return known("addresses", lambda: [Address(page.language, page.slug, page.original) for page in among])


def uid_last_at(slug: str, language: str) -> str | None:
    """The uid of the page that was live at this address last; one query. An address is handed on with its readers:
    once another page has been live there, it never leads to the first one again."""
    begun = Publication.objects.filter(
        language=language, slug=slug, starts_at__lte=timezone.now(), version__isnull=False, cancellation__isnull=True
    )
    uid = begun.order_by("-starts_at", "-pk").values_list("page__uid", flat=True).first()
    return str(uid) if uid else None


def document_of(page: LivePage) -> dict[str, Any]:
    if page.can_leave_quickly and page.version_id in (kept := unkept_documents()):
        return kept[page.version_id]
    return upgraded(PageVersion.objects.values_list("document", flat=True).get(pk=page.version_id))


def unkept_documents() -> dict[int, dict[str, Any]]:
    """The documents of live pages that may be left quickly, by version. No page made of them is kept anywhere, so they
    are known as facts are: else these alone would be gone while the database is."""
    return known(UNKEPT, _unkept_documents)


def _unkept_documents() -> dict[int, dict[str, Any]]:
    unkept = [page for page in live() if page.can_leave_quickly]
    return {page.version_id: document for page, document in zip(unkept, documents_of(unkept), strict=True)}


def documents_of(pages: list[LivePage]) -> list[dict[str, Any]]:
    """The documents of `pages`, in their order; one query."""
    documents = dict(
        PageVersion.objects.filter(pk__in=[page.version_id for page in pages]).values_list("pk", "document")
    )
    return [upgraded(documents[page.version_id]) for page in pages]


def render(document: dict[str, Any], pages: list[LivePage], **options: Any) -> Rendered:
    """`document` with its links resolved among the live `pages` and the levels of care as they are set now; `options`
    are the Renderer's."""
    return Renderer(paths=paths_of(pages), levels=SimpleLazyObject(levels_of_care), **options).render(document)


def paths_of(pages: Iterable[LivePage]) -> dict[str, str]:
    """The path by uid. What points to a page in the first language leads to its translation among `pages`."""
    return {page.original: page.path for page in pages} | {page.uid: page.path for page in pages}


def levels_of_care() -> list[LevelOfCare]:
    """As they are set now, to be shown and not saved: in the words of this request's language, where it has any."""
    return known(("levels", language()), _levels_of_care)


def _levels_of_care() -> list[LevelOfCare]:
    levels = [copy(level) for level in facts.rows(LevelOfCare)]
    words = {text.level_id: text for text in texts(LevelText)}
    for level in levels:
        if text := words.get(level.pk):
            for name in ("name", "short_name", "setting", "suits", "not_suited"):
                setattr(level, name, getattr(text, name))
    return levels


def accepting_levels() -> list[LevelOfCare]:
    """Those that take new clients, in the words of the site's first language."""
    return [level for level in facts.rows(LevelOfCare) if level.takes_new_clients]


def level_names(levels: Iterable[LevelOfCare]) -> dict[int, str]:
    """How each of `levels` is called in this request's language, by primary key."""
    return {level.pk: level.name for level in levels} | {text.level_id: text.name for text in texts(LevelText)}


def office_hours() -> list[OfficeHours]:
    return facts.rows(OfficeHours)


def texts(model: type[models.Model]) -> list[Any]:
    """The rows, of a model of facts with a `language`, in this request's; no query in the first one, which has none."""
    code = language()
    if code == settings.LANGUAGE_CODE:
        return []
    return [text for text in facts.rows(model) if text.language == code]


def reviews_of(pages: list[LivePage], on: date) -> list[ClinicalReview | None]:
    """For each of `pages` the clinical review that stands under exactly its words on the day `on`; one query."""
    standing = reviewing.standing_by_digest([page.digest for page in pages], on)
    return [standing.get(page.digest) for page in pages]


def review_of(page: LivePage, on: date) -> ClinicalReview | None:
    """That of one page. While the database is away, a page that may be left quickly is shown without it."""
    try:
        return reviews_of([page], on)[0]
    except DatabaseError:
        if not page.can_leave_quickly:
            raise
        return None


def guide_of(pages: list[LivePage]) -> list[LivePage]:
    return [page for page in pages if page.section == Page.Section.GUIDE]


def site_settings() -> SiteSettings:
    """The settings, to be shown and not saved: in the words of this request's language, with the name in the first one
    where it has no own, and without emergency wording where it has none. The defaults where nobody knows them, because
    the database is away: every error page needs them."""
    known_rows = facts.rows_or_none(SiteSettings) or []
    site = next((copy(row) for row in known_rows if row.pk == SiteSettings.PK), SiteSettings(pk=SiteSettings.PK))
    code = language()
    if code != settings.LANGUAGE_CODE:
        words = facts.rows_or_none(SiteText) or []
        text = next((text for text in words if text.language == code), SiteText())
        site.organisation_name = text.organisation_name or site.organisation_name
        site.emergency_wording = text.emergency_wording
    return site
