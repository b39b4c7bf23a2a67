"""Draft → cleaned → frozen PageVersion → Publication."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from content_editor.contents import contents_for_item
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from content.blocks import BLOCK_MODELS, Block
from content.models import Page, PageVersion, Publication

# Raised by one whenever the shape of a document changes; `content.rendering` reads every shape there ever was.
SCHEMA = 1
COPIED_FIELDS = ("language", "slug", "title", "nav_title", "summary", "description", "section", "order")


class PublishingRefused(Exception):
    """`problems`: one sentence each, for the editor."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def blocks_of(page: Page) -> list[Block]:
    """The page's blocks in reading order; one query a block type."""
    return list(contents_for_item(page, BLOCK_MODELS).main)


def freeze(page: Page) -> dict[str, Any]:
    """The draft as plain JSON: what it says, in which order, with everything named by uid or content hash."""
    document: dict[str, Any] = {"schema": SCHEMA, "uid": str(page.uid)}
    document |= {name: getattr(page, name) for name in COPIED_FIELDS}
    document["related"] = [str(related.uid) for related in page.related_pages.in_guide_order()]
    document["blocks"] = [block.freeze() for block in blocks_of(page)]
    return document


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: sorted keys, no spaces, UTF-8 (after RFC 8785, for strings, integers, lists)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def draft_differs_from(page: Page, version: PageVersion | None) -> bool:
    return version is None or digest_of(freeze(page)) != version.digest


@transaction.atomic
def keep_version(*, page: Page, by: AbstractUser | None, change_note: str = "") -> PageVersion:
    """The draft as a frozen version: the newest one if nothing has changed since, else a new one."""
    Page.objects.select_for_update().get(pk=page.pk)
    document = freeze(page)
    digest = digest_of(document)
    newest = page.versions.order_by("-number").first()
    if newest and newest.digest == digest:
        return newest
    number = (page.versions.aggregate(Max("number"))["number__max"] or 0) + 1
    return PageVersion.objects.create(
        page=page, number=number, document=document, digest=digest, change_note=change_note, created_by=by
    )


@transaction.atomic
def publish(*, page: Page, by: AbstractUser | None, change_note: str = "") -> Publication:
    """Freeze the draft and put it live now; raises PublishingRefused with what the editor has to mend."""
    if problems := problems_of(page):
        raise PublishingRefused(problems)
    version = keep_version(page=page, by=by, change_note=change_note)
    live = Publication.objects.live().filter(page=page).first()
    if live and live.version_id == version.pk:
        return live
    return Publication.objects.create(
        page=page, version=version, language=page.language, slug=page.slug, published_by=by
    )


@transaction.atomic
def take_down(*, page: Page, by: AbstractUser | None) -> Publication | None:
    """From now on the page is not live; None if it was not."""
    live = Publication.objects.live().filter(page=page).first()
    if live is None:
        return None
    return Publication.objects.create(page=page, version=None, language=live.language, slug=live.slug, published_by=by)


def problems_of(page: Page) -> list[str]:
    """What must be mended before this draft can be live, one sentence each."""
    problems = _field_problems(page, str(page))
    blocks = blocks_of(page)
    if not blocks:
        problems.append(_("The page has no text yet: add at least one block."))
    for number, block in enumerate(blocks, start=1):
        problems += _field_problems(block, _("Block %(number)s (%(type)s)") % {"number": number, "type": block})
    taken = Publication.objects.live(timezone.now()).filter(language=page.language, slug=page.slug)
    if other := taken.exclude(page=page).first():
        problems.append(
            _(
                "The address /%(slug)s/ is still used by the live page “%(title)s”."
                " Publish that one under its new address first."
            )
            % {"slug": page.slug, "title": other.version.document["title"]}
        )
    return problems


def _field_problems(instance: Page | Block, name: str) -> list[str]:
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return [f"{name}: {message}" for messages in error.message_dict.values() for message in messages]
    return []
