"""Translations of pages: how one begins, and whether it still says what the page in the site's first language says."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from content.documents import upgraded
from content.links import repointed
from content.models import HOME_SLUG, Page, PageVersion, Publication
from content.publishing import keep_version
from content.restoring import RestoreRefused, fill
from content.richtext import RICH_FIELDS

Document = dict[str, Any]


class TranslationRefused(Exception):
    """Why, in a sentence."""


def other_languages() -> list[tuple[str, str]]:
    """(code, name) of each language but the site's first."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


# --- How it stands --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Translation:
    """`page`: None where there is none in that language. `live`: what visitors see of it."""

    language: str
    name: str
    page: Page | None
    live: Publication | None

    @property
    def is_current(self) -> bool:
        return self.page is not None and is_current(self.page)


def translations_of(source: Page) -> list[Translation]:
    """One for each other language of the site; `source` is a page in its first."""
    pages = {page.language: page for page in with_source_digest(source.translations.kept())}
    live = {one.page_id: one for one in Publication.objects.live().filter(page__in=pages.values())}
    return [
        Translation(code, name, page := pages.get(code), live.get(page.pk) if page else None)
        for code, name in other_languages()
    ]


def with_source_digest(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Each with `source_digest`: of the text that it should say in its language, None where it has no source."""
    source = OuterRef("translation_of")
    live = Publication.objects.live().filter(page=source).values("version__digest")[:1]
    newest = PageVersion.objects.filter(page=source).order_by("-number").values("digest")[:1]
    return pages.annotate(source_digest=Coalesce(Subquery(live), Subquery(newest)))


def is_current(page: Page) -> bool:
    """`page` is one of `with_source_digest`."""
    return page.source_digest == page.translated_digest  # type: ignore[attr-defined]


def behind(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Those whose source has changed since, or of which nobody has said what they translate."""
    told = with_source_digest(pages).filter(source_digest__isnull=False)
    return told.exclude(source_digest=F("translated_digest"))


def current(pages: QuerySet[Page]) -> QuerySet[Page]:
    return with_source_digest(pages).filter(source_digest=F("translated_digest"))


def lacking(pages: QuerySet[Page], language: str) -> QuerySet[Page]:
    """Those in the first language that have no translation into `language`."""
    own = Page.objects.kept().filter(translation_of=OuterRef("pk"), language=language)
    return pages.filter(~Exists(own), language=settings.LANGUAGE_CODE)


def version_to_say(source: Page) -> PageVersion | None:
    """What a translation of `source` should say: the version that visitors see, else the newest."""
    live = Publication.objects.live().filter(page=source).first()
    return live.version if live else source.versions.order_by("-number").first()


def version_said(page: Page) -> PageVersion | None:
    """The version of its source that the translation `page` says; None while nobody has said which."""
    if not page.translated_digest:
        return None
    return PageVersion.objects.filter(page=page.translation_of_id, digest=page.translated_digest).first()


# --- Beginning one, and bringing it up to date ----------------------------------------------------------------------


@transaction.atomic
def start(*, source: Page, language: str, by: AbstractUser) -> Page:
    """A draft in `language` with a copy of everything that `source` says, to be overwritten.

    What visitors see is copied, else the newest version, else the draft, which is kept as a version for it. Links lead
    to translated pages where there are some. Raises TranslationRefused.
    """
    source = Page.objects.select_for_update().get(pk=source.pk)
    if language not in dict(other_languages()):
        raise TranslationRefused(_("The site does not have this language."))
    if source.deleted_at is not None or source.language != settings.LANGUAGE_CODE:
        raise TranslationRefused(_("A translation begins with a page in the site’s first language."))
    version = version_to_say(source) or keep_version(page=source, by=by)
    page = Page(language=language, translated_digest=version.digest, draft_author_ids=[by.pk])
    try:
        fill(page, _copied(upgraded(version.document), source, language))
    except RestoreRefused as refused:
        raise TranslationRefused(str(refused)) from refused
    return page


@transaction.atomic
def mark_current(*, page: Page, digest: str) -> None:
    """`page` says now what the version of its source with `digest` says, which was on the screen. Raises
    TranslationRefused when its source has changed meanwhile."""
    stored = Page.objects.select_for_update().get(pk=page.pk)
    version = version_to_say(stored.translation_of) if stored.translation_of else None
    if version is None or version.digest != digest:
        raise TranslationRefused(_("The page that this translates has changed once more. Look at what is new."))
    Page.objects.filter(pk=page.pk).update(translated_digest=digest)


def _copied(document: Document, source: Page, language: str) -> Document:
    """`document` as the first draft in `language`: with blocks of its own, and links to pages in that language."""
    rows = Page.objects.kept().filter(language=language, translation_of__isnull=False)
    uids = {str(original): str(own) for original, own in rows.values_list("translation_of__uid", "uid")}
    return document | {
        "language": language,
        "slug": _free_slug(document["slug"], language),
        "translation_of": str(source.uid),
        "related": [uids.get(uid, uid) for uid in document["related"]],
        "blocks": [_copied_block(block, uids) for block in document["blocks"]],
    }


def _copied_block(block: Document, uids: dict[str, str]) -> Document:
    texts = {name: repointed(block[name], uids) for name in RICH_FIELDS.get(block["type"], ())}
    if block.get("target"):
        texts["target"] = uids.get(block["target"], block["target"])
    return block | texts | {"uid": str(uuid.uuid4())}


def _free_slug(slug: str, language: str) -> str:
    """`slug`, with a number where another page of the language has it. The front page has one address in each."""
    taken = set(Page.objects.kept().filter(language=language).values_list("slug", flat=True))
    if slug == HOME_SLUG or slug not in taken:
        return slug
    return next(name for number in range(2, len(taken) + 3) if (name := f"{slug}-{number}") not in taken)
