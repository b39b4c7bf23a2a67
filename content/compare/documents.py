"""Which blocks came, went, moved or changed between two documents, and in which fields."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.compare.segments import Segment, segments_between
from content.compare.tokens import Token, rich_tokens, value_tokens
from content.writing.html import is_rich

Document = Mapping[str, Any]
# A block's uid, and how many blocks before it have the same: 0, unless the document was tampered with.
BlockKey = tuple[str, int]

NOT_COMPARED = {"schema", "uid", "blocks"}
# The order in which changed fields are listed (a database may reorder a document's keys); unknown ones follow by name.
FIELD_ORDER = (
    *("title", "slug", "nav_title", "summary", "description", "language", "section", "order", "related"),
    *("translation_of", "is_in_menu", "can_leave_quickly"),
    *("type", "kind", "figure", "term", "question", "heading", "picture", "alt", "is_decorative", "caption"),
    *("body", "explanation", "answer", "text", "label", "target", "citation", "doi", "url", "note"),
)


@dataclass(frozen=True)
class FieldChange:
    """A field that differs. Its equal and deleted segments make the old text, its equal and inserted ones the new.
    `old` and `new` are the values themselves: for a picture, what is needed to show both."""

    name: str
    segments: tuple[Segment, ...]
    old: Any
    new: Any


@dataclass(frozen=True)
class BlockChange:
    """`type` is the key of the block's type. A block can be moved and changed at once. Numbers count from 1, None where
    the block is not there. Added and removed blocks list all their fields, changed ones those that differ."""

    uid: str
    type: str
    change: Literal["added", "removed", "changed", "unchanged"]
    is_moved: bool
    fields: tuple[FieldChange, ...]
    old_number: int | None
    new_number: int | None


@dataclass(frozen=True)
class Comparison:
    """`blocks` are those of both documents in the new order, removed ones where they were. `is_identical` means to the
    letter: documents can also differ in nothing that a reader sees, such as a second space."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[BlockChange, ...]
    is_identical: bool

    @property
    def has_changes(self) -> bool:
        return bool(self.fields) or any(block.is_moved or block.change != "unchanged" for block in self.blocks)


def compare(old: Document | None, new: Document, *, titles: Mapping[str, str] | None = None) -> Comparison:
    """`old` None: all of `new` is added. `titles`: page uid → title, to name the pages that a document points to."""
    before = old or {}
    titles = titles or {}
    return Comparison(
        fields=_field_changes(before, new, titles),
        blocks=tuple(_block_changes(before.get("blocks") or [], new.get("blocks") or [], titles)),
        is_identical=old == new,
    )


def summary_of(comparison: Comparison) -> str:
    """One line, such as “2 blocks changed, 1 block moved”."""
    changes = Counter(block.change for block in comparison.blocks)
    changed, added, removed = changes["changed"], changes["added"], changes["removed"]
    moved, fields = sum(block.is_moved for block in comparison.blocks), len(comparison.fields)
    counts = [
        (fields, ngettext("%(count)s page field changed", "%(count)s page fields changed", fields)),
        (changed, ngettext("%(count)s block changed", "%(count)s blocks changed", changed)),
        (moved, ngettext("%(count)s block moved", "%(count)s blocks moved", moved)),
        (added, ngettext("%(count)s block added", "%(count)s blocks added", added)),
        (removed, ngettext("%(count)s block removed", "%(count)s blocks removed", removed)),
    ]
    if parts := [text % {"count": count} for count, text in counts if count]:
        return ", ".join(parts)
    return _("No difference") if comparison.is_identical else _("No difference that a reader sees")


# Blocks


def _block_changes(
    old: Sequence[Document], new: Sequence[Document], titles: Mapping[str, str]
) -> Iterator[BlockChange]:
    before, after = _by_key(old), _by_key(new)
    old_numbers = {key: number for number, key in enumerate(before, start=1)}
    in_place = _longest_increasing([old_numbers[key] for key in after if key in before])
    old_keys = iter(before)

    def removed() -> Iterator[BlockChange]:
        """Those that stood in front of the next block that stayed in place."""
        for key in old_keys:
            if old_numbers[key] in in_place:
                return
            if key not in after:
                yield _block_change(before[key], None, old_numbers[key], None, titles)

    yield from removed()
    for number, key in enumerate(after, start=1):
        has_stayed = old_numbers.get(key) in in_place
        is_moved = key in before and not has_stayed
        yield _block_change(before.get(key), after[key], old_numbers.get(key), number, titles, is_moved=is_moved)
        if has_stayed:
            yield from removed()


def _block_change(
    old: Document | None,
    new: Document | None,
    old_number: int | None,
    new_number: int | None,
    titles: Mapping[str, str],
    *,
    is_moved: bool = False,
) -> BlockChange:
    block = (old if new is None else new) or {}
    fields = _field_changes(old or {}, new or {}, titles)
    change = "added" if old is None else "removed" if new is None else "changed" if fields else "unchanged"
    uid, type_ = str(block.get("uid", "")), str(block.get("type", ""))
    return BlockChange(uid, type_, change, is_moved, fields, old_number, new_number)


def _by_key(blocks: Sequence[Document]) -> dict[BlockKey, Document]:
    seen: Counter[str] = Counter()
    keyed = {}
    for block in blocks:
        uid = str(block.get("uid", ""))
        keyed[uid, seen[uid]] = block
        seen[uid] += 1
    return keyed


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """The longest increasing subsequence of distinct numbers, by patience sorting (n log n). For the places of unique
    ids it is their longest common subsequence: the blocks that need not be said to have moved."""
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        previous[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    chain = set()
    number = ends[-1] if ends else None
    while number is not None:
        chain.add(number)
        number = previous[number]
    return chain


# Fields


def _field_changes(old: Document, new: Document, titles: Mapping[str, str]) -> tuple[FieldChange, ...]:
    names = (old.keys() | new.keys()) - NOT_COMPARED
    if not (old and new):
        names -= {"type"}
    changes = []
    for name in sorted(names, key=_rank):
        if old.get(name) != new.get(name):
            segments = _segments(name, old, new, titles)
            if any(segment.kind != "equal" for segment in segments):
                changes.append(FieldChange(name, segments, old.get(name), new.get(name)))
    return tuple(changes)


def _rank(name: str) -> tuple[int, str]:
    return (FIELD_ORDER.index(name) if name in FIELD_ORDER else len(FIELD_ORDER), name)


def _segments(name: str, old: Document, new: Document, titles: Mapping[str, str]) -> tuple[Segment, ...]:
    before, after = (
        value.get("digest") if isinstance(value := side.get(name), Mapping) else None for side in (old, new)
    )
    if before == after:
        return segments_between(_tokens(name, old, titles), _tokens(name, new, titles))
    if before is None:
        return (Segment("insert", _("picture added"), is_mark=True),)
    if after is None:
        return (Segment("delete", _("picture removed"), is_mark=True),)
    return (Segment("insert", _("picture replaced"), is_mark=True),)


def _tokens(name: str, owner: Document, titles: Mapping[str, str]) -> list[Token]:
    value = owner.get(name)
    if isinstance(value, str) and is_rich(name, value, owner):
        return rich_tokens(value, titles)
    return value_tokens(value, titles)
