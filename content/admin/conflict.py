"""Two people in one page: what the second one is shown instead of a silent overwriting.

`theirs` is the draft as it is stored now, `mine` the one that the posted forms make, `base` what both began with: of
that the form carries a short digest of each field and block, enough to say who changed what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _

from content.admin.differences import ShownField, differences_between, titles_by_uid
from content.compare import BlockChange, Segment, compare
from content.freezing import canonical
from content.models import Page

Document = dict[str, Any]
# Of words that are the same, this many characters stand around those that are not.
AROUND = 120


# --- What both began with -------------------------------------------------------------------------------------------


def base_of(document: Document) -> str:
    """A short digest of each field and block, as JSON for a hidden field of the form."""
    return json.dumps(_digests(document), separators=(",", ":"))


def read_base(text: str) -> dict[str, str]:
    """What `base_of` wrote; empty when it is missing or was tampered with: then nobody is said to have changed what."""
    try:
        base = json.loads(text)
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


def _digests(document: Document) -> dict[str, str]:
    parts = {name: value for name, value in document.items() if name not in {"schema", "uid", "blocks"}}
    parts |= {block["uid"]: block for block in document["blocks"]}
    return {name: _short_digest(value) for name, value in parts.items()}


def _short_digest(value: Any) -> str:
    # Browsers send every line break of a text as two characters.
    return hashlib.sha256(canonical(value).replace(rb"\r\n", rb"\n")).hexdigest()[:12]


# --- Who saved ------------------------------------------------------------------------------------------------------


def first_after(page: Page, moment: datetime) -> AbstractUser | None:
    """Who saved or deleted the page at `moment`: the desk logs that right after; None if it was not the desk."""
    log = LogEntry.objects.filter(content_type=get_content_type_for_model(page), object_id=str(page.pk))
    entry = log.filter(action_time__gte=moment).select_related("user").order_by("action_time", "pk").first()
    return entry.user if entry else None


# --- What is different ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One of two texts, in pieces: those that are not "equal" are the difference."""

    segments: tuple[Segment, ...]
    picture: Any = None


@dataclass(frozen=True)
class Difference:
    """One place where `theirs` and `mine` are not the same. `note` says who changed it, where that is known; `fields`
    are (label, theirs, mine), a side being None where there is no such block."""

    title: str
    note: str
    fields: tuple[tuple[str, Side | None, Side | None], ...]


def differences(theirs: Document, mine: Document, base: Mapping[str, str], they: str) -> Iterator[Difference]:
    """In the order of the page; `they` is the name of whoever saved."""
    comparison = compare(theirs, mine, titles=titles_by_uid(theirs, mine))
    shown = differences_between(theirs, mine)
    who = _Who(base, _digests(theirs), _digests(mine), they)
    for change, field in zip(comparison.fields, shown.fields, strict=True):
        yield Difference(field.label, who.changed(change.name), (_sides(field, "changed"),))
    changes = [change for change in comparison.blocks if change.is_moved or change.change != "unchanged"]
    blocks = [part.block for part in shown.parts if part.block]
    for change, block in zip(changes, blocks, strict=True):
        fields = tuple(_sides(field, change.change) for field in block.fields)
        yield Difference(block.name, who.says_of(change), fields)


def _sides(field: ShownField, change: str) -> tuple[str, Side | None, Side | None]:
    theirs = tuple(_shortened([segment for segment in field.segments if segment.kind != "insert"]))
    mine = tuple(_shortened([segment for segment in field.segments if segment.kind != "delete"]))
    return (
        field.label,
        None if change == "added" else Side(theirs, field.old_picture),
        None if change == "removed" else Side(mine, field.new_picture),
    )


def _shortened(segments: list[Segment]) -> Iterator[Segment]:
    last = len(segments) - 1
    for place, segment in enumerate(segments):
        text = segment.text
        if segment.kind == "equal" and len(text) > 2 * AROUND + 20:
            # What stands beside a difference; both ends where there is none on this side.
            begin = text[:AROUND].rpartition(" ")[0] + " " if place > 0 or not last else ""
            end = " " + text[-AROUND:].partition(" ")[2] if place < last or not last else ""
            text = f"{begin}[…]{end}"
        yield Segment(segment.kind, text, segment.is_mark)


@dataclass(frozen=True)
class _Who:
    """Says who changed a field or a block, from what it was in the beginning."""

    base: Mapping[str, str]
    theirs: Mapping[str, str]
    mine: Mapping[str, str]
    they: str

    def says_of(self, change: BlockChange) -> str:
        says = {"added": self.only_mine, "removed": self.only_theirs, "changed": self.changed}
        notes = [says[change.change](change.uid)] if change.change in says else []
        if change.is_moved:
            places = {"theirs": change.old_number, "mine": change.new_number}
            notes.append(_("It is block %(theirs)s in theirs and block %(mine)s in yours.") % places)
        return " ".join(note for note in notes if note)

    def changed(self, key: str) -> str:
        began = self.base.get(key)
        if began is None:
            return ""
        if self.theirs.get(key) == began:
            return _("You changed this.")
        if self.mine.get(key) == began:
            return _("%(name)s changed this. Yours has it as it was.") % {"name": self.they}
        return _("%(name)s changed this, and so did you.") % {"name": self.they}

    def only_mine(self, key: str) -> str:
        if not self.base:
            return _("This block is only in yours.")
        if key in self.base:
            return _("%(name)s removed this block. Yours still has it.") % {"name": self.they}
        return _("You added this block.")

    def only_theirs(self, key: str) -> str:
        if not self.base:
            return _("This block is not in yours.")
        if key in self.base:
            return _("You removed this block.")
        return _("%(name)s added this block. Yours does not have it.") % {"name": self.they}
