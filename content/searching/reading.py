"""A frozen document → what a search entry holds. Reads no database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from content.documents import Document
from content.rendering import NOT_READ, Renderer
from content.searching.words import readable, stems, words

# Fields of a block that stand above the rest of it.
HEADING_FIELDS = ("heading", "title", "question", "term", "topic")
# Blocks whose heading can be linked to.
LINKED = {"levels_of_care", "ladder", "week"}
# A page has a fiftieth of this; PostgreSQL's index of one text ends at a mebibyte.
MOST_WORDS = 50_000
_heading = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_line_end = re.compile(r"<br>|</(?:p|li|blockquote)>")
_ends_a_sentence = re.compile(r"[.?!:…]$")


@dataclass
class Section:
    """What stands under one heading that can be linked to; before the first one `id` and `heading` are ''."""

    id: str = ""
    heading: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass
class Read:
    sections: list[Section] = field(default_factory=lambda: [Section()])
    headings: list[str] = field(default_factory=list)
    tables: list[dict[str, str]] = field(default_factory=list)


def entry_of(document: Document) -> dict[str, Any]:
    """The fields of the SearchEntry of `document`, which is in the present shape."""
    read, language = _read(document), document["language"]
    sections = [
        {
            "id": section.id,
            "heading": section.heading,
            "text": (text := "\n".join(section.lines)),
            "stems": " ".join(stems(text, language)),
        }
        for section in read.sections
        if section.heading or section.lines
    ]
    body = " ".join(section["stems"] for section in sections).split()
    return {
        "title": " ".join(stems(readable(f"{document['title']} {document['nav_title']}"), language)),
        "summary": " ".join(stems(readable(document["summary"]), language)),
        "headings": " ".join(stems("\n".join(read.headings), language)),
        "body": " ".join(body[:MOST_WORDS]),
        "sections": sections,
        "tables": read.tables,
    }


def vocabulary_of(document: Document) -> set[str]:
    """The folded words of `document`, as they are written."""
    read = _read(document)
    texts = [readable(document[name]) for name in ("title", "nav_title", "summary")] + read.headings
    texts += [line for section in read.sections for line in section.lines]
    return {word.folded for text in texts for word in words(text)}


def _read(document: Document) -> Read:
    read, ids = Read(), _heading_ids(document)
    for block in document["blocks"]:
        if block["type"] == "rich_text":
            _add_text(read, block["body"], ids)
        else:
            _add_block(read, block, ids)
    return read


def _heading_ids(document: Document) -> list[tuple[str, str]]:
    """(text, id) of each heading that a reader can be led to, as the page itself will have them."""
    renderer = Renderer(paths={}, levels=())
    renderer.render(document)
    return [(heading.text, heading.id) for heading in renderer.headings]


def _begin(read: Read, text: str, ids: list[tuple[str, str]]) -> None:
    """A new section; headings of the same words have their ids in the order in which they stand."""
    known = next((heading for heading in ids if readable(heading[0]) == text), None)
    if known:
        ids.remove(known)
    read.headings.append(text)
    read.sections.append(Section(id=known[1] if known else "", heading=text))


def _add_text(read: Read, html: str, ids: list[tuple[str, str]]) -> None:
    position = 0
    for match in _heading.finditer(html):
        _add_lines(read, html[position : match.start()])
        text = plain(match[2])
        if match[1] == "2":
            _begin(read, text, ids)
        else:
            read.headings.append(text)
            read.sections[-1].lines.append(text)
        position = match.end()
    _add_lines(read, html[position:])


def _add_block(read: Read, block: dict[str, Any], ids: list[tuple[str, str]]) -> None:
    heading = next((plain(block[name]) for name in HEADING_FIELDS if block.get(name)), "")
    if block["type"] in LINKED:
        _begin(read, heading, ids)
        if block["type"] == "levels_of_care":
            read.tables.append({"id": read.sections[-1].id, "heading": heading, "ages": block["ages"]})
        return
    lines = [line for text in _texts_of(block) for line in lines_of(text)]
    if heading:
        read.headings.append(heading)
        # Said in one breath with what follows it, so that an excerpt makes sense.
        start = heading if _ends_a_sentence.search(heading) else f"{heading}:"
        lines = [f"{start} {lines[0]}" if lines else heading, *lines[1:]]
    read.sections[-1].lines += lines


def _texts_of(block: dict[str, Any]) -> Iterator[str]:
    for name, value in block.items():
        is_button = block["type"] == "call_to_action" and name == "label"
        if isinstance(value, str) and name not in NOT_READ and name not in HEADING_FIELDS and not is_button:
            yield value


def _add_lines(read: Read, html: str) -> None:
    read.sections[-1].lines += lines_of(html)


def lines_of(html: str) -> list[str]:
    """Each paragraph and each item of a list."""
    return [line for part in _line_end.split(html) if (line := plain(part))]


def plain(html: str) -> str:
    return readable(unescape(strip_tags(html)))
