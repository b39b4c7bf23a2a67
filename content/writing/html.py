"""Rich HTML → what it says: passages of text, and links. Built on html.parser; marks nothing as safe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from unicodedata import normalize

from content.richtext import RICH_FIELDS

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# Where one of these begins or ends, so does a sentence.
ENDS_PASSAGE = {*HEADINGS, "p", "ul", "ol", "li", "blockquote", "div", "pre", "hr", "figure", "figcaption"}
ENDS_PASSAGE |= {"dl", "dt", "dd", "table", "tr", "td", "th", "caption"}
_starts_rich = re.compile(r"\s*<(p|h2|h3|ul|ol|blockquote)>")
# Declarations, which may make html.parser raise, and tags that do not end, which make it slow, begin with one of these.
_not_a_tag = re.compile(r"<(?!/?[A-Za-z][^<]*>)")


class RichParser(HTMLParser):
    """html.parser for cleaned HTML; anything that this cannot hold is read as text."""

    def read(self, html: str) -> None:
        self.feed(_not_a_tag.sub("&lt;", html))
        self.close()


@dataclass(frozen=True)
class Passage:
    """The words of one paragraph, list item or heading; `level` is 1 to 6 for a heading, else 0."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Link:
    href: str
    text: str


def is_rich(name: str, value: str, block: Mapping[str, Any]) -> bool:
    """As the renderer has it; a field that it does not know counts as rich text if it begins like one."""
    return name in RICH_FIELDS.get(block.get("type", ""), ()) or bool("type" in block and _starts_rich.match(value))


def tidy(text: str) -> str:
    """One space between words, composed characters: “é” is found however it was typed."""
    return " ".join(normalize("NFC", text).split())


def read_html(html: str) -> tuple[list[Passage], list[Link]]:
    """Passages and links in reading order."""
    reader = _Reader()
    reader.read(html)
    reader.end_passage()
    reader.end_link()
    return reader.passages, reader.links


class _Reader(RichParser):
    def __init__(self) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self.links: list[Link] = []
        self._words: list[str] = []
        self._level = 0
        self._href: str | None = None
        self._link_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ENDS_PASSAGE:
            self.end_passage()
            self._level = HEADINGS.get(tag, 0)
        elif tag == "br":
            self.handle_data(" ")
        elif tag == "a":
            self.end_link()
            self._href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ENDS_PASSAGE:
            self.end_passage()
        elif tag == "a":
            self.end_link()

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._href is not None:
            self._link_words.append(data)

    def end_passage(self) -> None:
        if text := tidy("".join(self._words)):
            self.passages.append(Passage(text=text, level=self._level))
        self._words, self._level = [], 0

    def end_link(self) -> None:
        if self._href is not None:
            self.links.append(Link(href=self._href.strip(), text=tidy("".join(self._link_words))))
        self._href, self._link_words = None, []
