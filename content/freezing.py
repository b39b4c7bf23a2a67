"""A draft → its document: what the page says as plain JSON, and the digest by which that is known for ever."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from content_editor.contents import contents_for_item
from django.db.models import prefetch_related_objects

from content.blocks import BLOCK_MODELS, Block
from content.documents import SCHEMA
from content.models import Page

COPIED_FIELDS = (
    *("language", "slug", "title", "nav_title", "summary", "description", "section", "order"),
    *("is_in_menu", "can_leave_quickly"),
)


def blocks_of(page: Page) -> list[Block]:
    """The page's blocks in reading order with what they point to; one query a block type, and two."""
    blocks = list(contents_for_item(page, BLOCK_MODELS).main)
    for name in ("picture", "target"):
        prefetch_related_objects([block for block in blocks if getattr(block, f"{name}_id", None)], name)
    return blocks


def freeze(page: Page) -> dict[str, Any]:
    """The draft as plain JSON: what it says, in which order, with everything named by uid or content hash."""
    return frozen(page, blocks_of(page))


def frozen(page: Page, blocks: list[Block], related: list[str] | None = None) -> dict[str, Any]:
    """The document of a page with these blocks and related pages, saved or not; without `related`: the saved ones."""
    if related is None:
        related = list(map(str, page.related_pages.values_list("uid", flat=True)))
    # By uid, so that a page is not different because another one was given another place in the guide.
    related = sorted(related)
    document: dict[str, Any] = {"schema": SCHEMA, "uid": str(page.uid)}
    document |= {name: getattr(page, name) for name in COPIED_FIELDS}
    document["translation_of"] = str(page.translation_of.uid) if page.translation_of else None
    return document | {"related": related, "blocks": [block.freeze() for block in blocks]}


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: sorted keys, no spaces, UTF-8 (after RFC 8785, for strings, integers, lists)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()
