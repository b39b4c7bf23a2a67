"""Draft → cleaned → frozen PageVersion → Publication: now, or at a moment to come."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from content_editor.contents import contents_for_item
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from content.blocks import BLOCK_MODELS, Block
from content.models import Cancellation, MovedAddress, Page, PageVersion, Publication

# Raised by one whenever the shape of a document changes; `content.documents` reads every shape there ever was.
SCHEMA = 1
COPIED_FIELDS = ("language", "slug", "title", "nav_title", "summary", "description", "section", "order")


class PublishingRefused(Exception):
    """`problems`: one sentence each, for the editor."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


# --- Freezing -------------------------------------------------------------------------------------------------------


def blocks_of(page: Page) -> list[Block]:
    """The page's blocks in reading order; one query a block type."""
    return list(contents_for_item(page, BLOCK_MODELS).main)


def freeze(page: Page) -> dict[str, Any]:
    """The draft as plain JSON: what it says, in which order, with everything named by uid or content hash."""
    return frozen(page, blocks_of(page), [str(related.uid) for related in page.related_pages.in_guide_order()])


def frozen(page: Page, blocks: list[Block], related: list[str]) -> dict[str, Any]:
    """The document of a page with these blocks and related pages, saved or not."""
    document: dict[str, Any] = {"schema": SCHEMA, "uid": str(page.uid)}
    document |= {name: getattr(page, name) for name in COPIED_FIELDS}
    return document | {"related": related, "blocks": [block.freeze() for block in blocks]}


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: sorted keys, no spaces, UTF-8 (after RFC 8785, for strings, integers, lists)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def draft_differs_from(page: Page, version: PageVersion | None) -> bool:
    return version is None or digest_of(freeze(page)) != version.digest


@transaction.atomic
def keep_version(*, page: Page, by: AbstractUser | None, change_note: str = "", is_minor: bool = False) -> PageVersion:
    """The draft as a frozen version: the newest one if nothing has changed since, else a new one."""
    locked = Page.objects.select_for_update().get(pk=page.pk)
    document = freeze(page)
    digest = digest_of(document)
    newest = page.versions.order_by("-number").first()
    if newest and newest.digest == digest:
        return newest
    authors = {*locked.draft_author_ids, *([by.pk] if by else [])}
    version = PageVersion.objects.create(
        page=page,
        number=(page.versions.aggregate(Max("number"))["number__max"] or 0) + 1,
        document=document,
        digest=digest,
        change_note=change_note,
        is_minor=is_minor,
        author_ids=sorted(authors),
        created_by=by,
    )
    Page.objects.filter(pk=page.pk).update(draft_author_ids=[])
    return version


# --- Live, now or later ---------------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    *,
    page: Page,
    by: AbstractUser | None,
    change_note: str = "",
    is_minor: bool = False,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Publication:
    """Freeze the draft and put it live at `starts_at` (now) until `ends_at` (for ever, until the next one).

    Raises PublishingRefused with what the editor has to mend.
    """
    now = timezone.now()
    if problems := problems_of(page) + _time_problems(starts_at, ends_at, now):
        raise PublishingRefused(problems)
    version = keep_version(page=page, by=by, change_note=change_note, is_minor=is_minor)
    live = Publication.objects.live(now).filter(page=page).first()
    if starts_at is None and ends_at is None and live and live.version_id == version.pk and live.ends_at is None:
        return live
    if live and live.slug != page.slug:
        MovedAddress.objects.update_or_create(language=live.language, slug=live.slug, defaults={"page": page})
    MovedAddress.objects.filter(language=page.language, slug=page.slug, page=page).delete()
    return Publication.objects.create(
        page=page,
        version=version,
        language=page.language,
        slug=page.slug,
        starts_at=starts_at or now,
        ends_at=ends_at,
        published_by=by,
    )


@transaction.atomic
def take_down(*, page: Page, by: AbstractUser | None) -> Publication | None:
    """From now on the page is not live; None if it was not."""
    live = Publication.objects.live().filter(page=page).first()
    if live is None:
        return None
    return Publication.objects.create(page=page, version=None, language=live.language, slug=live.slug, published_by=by)


def cancel(*, publication: Publication, by: AbstractUser | None) -> None:
    """Call off what has not begun yet; raises PublishingRefused when it has."""
    if publication.starts_at <= timezone.now():
        raise PublishingRefused([_("This has begun already. Publish another version, or take the page down.")])
    Cancellation.objects.get_or_create(publication=publication, defaults={"by": by})


# --- What stands in the way -----------------------------------------------------------------------------------------


def problems_of(page: Page) -> list[str]:
    """What must be mended before this draft can be live, one sentence each."""
    problems = _field_problems(page, str(page))
    blocks = blocks_of(page)
    if page.deleted_at is not None:
        problems.append(_("The page is in the trash: bring it back first."))
    if not blocks:
        problems.append(_("The page has no text yet: add at least one block."))
    for number, block in enumerate(blocks, start=1):
        problems += _field_problems(block, _("Block %(number)s (%(type)s)") % {"number": number, "type": block})
    return problems + _address_problems(page)


def _address_problems(page: Page) -> list[str]:
    """Another page that is live at this address, or will be."""
    live = Publication.objects.live().filter(language=page.language, slug=page.slug)
    coming = Publication.objects.upcoming().filter(language=page.language, slug=page.slug, version__isnull=False)
    other = live.exclude(page=page).first() or coming.exclude(page=page).first()
    if other is None:
        return []
    return [
        _(
            "The address /%(slug)s/ is still used by the live page “%(title)s”."
            " Publish that one under its new address first."
        )
        % {"slug": page.slug, "title": other.version.document["title"]}
    ]


def _time_problems(starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> list[str]:
    if starts_at is not None and starts_at < now:
        return [_("The time to go live is in the past. Choose a later one, or publish now.")]
    if ends_at is not None and ends_at <= (starts_at or now):
        return [_("The page would end before it goes live. Choose a later end.")]
    return []


def _field_problems(instance: Page | Block, name: str) -> list[str]:
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return [f"{name}: {message}" for messages in error.message_dict.values() for message in messages]
    return []
