"""A frozen document → the texts and links that writing help looks at, each with the block it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from content.writing.html import Link, is_rich, read_html, tidy

PAGE_FIELDS = ("title", "nav_title", "summary", "description")
# What readers do not read as our words: keys, addresses, and citations, whose titles are other people's.
NOT_READ = {"type", "uid", "kind", "ages", "doi", "url", "target", "citation", "picture"}
# Plain fields that hold sentences, not labels; rich text does too, but for its headings.
PROSE_FIELDS = {"summary", "text"}


@dataclass(frozen=True)
class Part:
    """A text that stands by itself. `block_uid` is None for the page's own fields; `level` is a heading's, else 0."""

    block_uid: str | None
    field: str
    text: str
    level: int = 0
    is_prose: bool = False


class PlacedLink(NamedTuple):
    block_uid: str | None
    link: Link


@dataclass(frozen=True)
class Reading:
    """Everything in reading order."""

    parts: tuple[Part, ...]
    links: tuple[PlacedLink, ...]


def read_document(document: Mapping[str, Any]) -> Reading:
    own = ((name, tidy(str(document.get(name) or ""))) for name in PAGE_FIELDS)
    parts = [Part(None, name, text, int(name == "title"), name in PROSE_FIELDS) for name, text in own if text]
    links: list[PlacedLink] = []
    for block in document.get("blocks") or []:
        uid = str(block.get("uid", ""))
        for name, value in _texts(block):
            if is_rich(name, value, block):
                passages, found = read_html(value)
                parts += [Part(uid, name, one.text, level=one.level, is_prose=not one.level) for one in passages]
                links += [PlacedLink(uid, link) for link in found]
            elif text := tidy(value):
                parts.append(Part(uid, name, text, is_prose=name in PROSE_FIELDS))
    return Reading(parts=tuple(parts), links=tuple(links))


def _texts(block: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in block.items():
        if name not in NOT_READ:
            yield from ((name, text) for text in _strings(value))


def _strings(value: Any) -> Iterator[str]:
    """Strings at any depth: a future block may hold a list of rows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
