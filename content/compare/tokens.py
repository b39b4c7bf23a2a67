"""A value of a frozen document → the tokens that comparing works on: words, and marks for structure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.writing.html import RichParser

_piece = re.compile(r"\s+|[^\W_]+(?:['’.,:@/–-][^\W_]+)*|\S")
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

BLOCK_MARKS = {
    "p": gettext_lazy("paragraph"),
    "h2": gettext_lazy("heading"),
    "h3": gettext_lazy("subheading"),
    "blockquote": gettext_lazy("quote"),
    "ul": gettext_lazy("list item"),
    "ol": gettext_lazy("numbered item"),
}
INLINE_MARKS = {
    "strong": (gettext_lazy("bold"), gettext_lazy("end of bold")),
    "em": (gettext_lazy("italic"), gettext_lazy("end of italic")),
}


class Token(NamedTuple):
    """`key` decides what equals what; `text` is shown, after `lead` (the space or line break in front of it)."""

    key: str
    text: str
    lead: str
    is_mark: bool = False


def text_tokens(text: str) -> list[Token]:
    """Words and punctuation marks; any run of white space counts as one space."""
    tokens: list[Token] = []
    lead = ""
    for piece in _piece.findall(text):
        if piece.isspace():
            lead = " " if tokens else ""
        else:
            tokens.append(Token(piece, piece, lead))
            lead = ""
    return tokens


def value_tokens(value: Any, titles: Mapping[str, str]) -> list[Token]:
    """Tokens of any JSON value, whatever field it is in: fields that nobody knows yet can be compared as well."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return text_tokens(_("yes") if value else _("no"))
    if isinstance(value, str):
        return [Token(value, titles.get(value, value), "")] if UID.fullmatch(value) else text_tokens(value)
    if isinstance(value, Mapping):
        return _on_lines(
            [_mark(f"key {key}", str(key)), *_led(value_tokens(item, titles), " ")] for key, item in value.items()
        )
    if isinstance(value, list | tuple):
        return _on_lines(value_tokens(item, titles) for item in value)
    return text_tokens(str(value))


def _on_lines(groups: Iterable[list[Token]]) -> list[Token]:
    tokens: list[Token] = []
    for group in groups:
        tokens += _led(group, "\n") if tokens else group
    return tokens


def _led(tokens: list[Token], lead: str) -> list[Token]:
    return [token._replace(lead=lead) for token in tokens[:1]] + tokens[1:]


def _mark(key: str, text: str) -> Token:
    # No word begins with a NUL: a text that itself says “‹heading›” is not taken for a mark.
    return Token(f"\0{key}", f"‹{text}›", "", is_mark=True)


def rich_tokens(html: str, titles: Mapping[str, str]) -> list[Token]:
    """Words with marks in human words, such as ‹heading›, ‹link to /goals/›, ‹bold›; never a tag."""
    tokenizer = _Tokenizer(titles)
    tokenizer.read(html)
    return tokenizer.tokens


class _Tokenizer(RichParser):
    """A block's mark waits until its first word, so that empty paragraphs, and paragraphs that only wrap the text of a
    list item, make no noise."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self.titles = titles
        self.tokens: list[Token] = []
        self._lists: list[str] = []
        self._quotes = 0
        self._waiting: Token | None = None
        self._is_in_block = False
        self._lead = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            self._lists.append(tag)
            self._end_block()
        elif tag == "blockquote":
            self._quotes += 1
            self._end_block()
        elif tag == "li":
            self._begin_block(self._item_mark())
        elif tag in BLOCK_MARKS:
            if not (tag == "p" and self._waiting):
                self._begin_block(self._paragraph_mark() if tag == "p" else self._block_mark(tag))
        elif tag == "br":
            self._add_mark("br", _("line break"))
            self._lead = " "
        elif tag == "a":
            href = dict(attrs).get("href") or ""
            target = href.removeprefix("page:")
            shown = f"“{self.titles[target]}”" if target != href and target in self.titles else href
            self._add_mark(f"a {href}", _("link to %(target)s") % {"target": shown})
        else:
            self._add_mark(tag, str(INLINE_MARKS[tag][0]) if tag in INLINE_MARKS else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._lists = self._lists[:-1]
            self._end_block()
        elif tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)
            self._end_block()
        elif tag in BLOCK_MARKS or tag == "li":
            self._end_block()
        elif tag == "a":
            self._add_mark("/a", _("end of link"))
        elif tag != "br":
            shown = INLINE_MARKS[tag][1] if tag in INLINE_MARKS else _("end of %(tag)s") % {"tag": tag}
            self._add_mark(f"/{tag}", str(shown))

    def handle_data(self, data: str) -> None:
        for piece in _piece.findall(data):
            if piece.isspace():
                self._lead = " " if self._is_in_block else self._lead
            else:
                self._show_block_mark()
                self.tokens.append(Token(piece, piece, self._lead))
                self._lead = ""

    def _begin_block(self, mark: Token) -> None:
        self._end_block()
        self._waiting = mark

    def _end_block(self) -> None:
        self._waiting, self._is_in_block, self._lead = None, False, ""

    def _show_block_mark(self) -> None:
        if not self._is_in_block:
            mark = self._waiting or self._paragraph_mark()
            self.tokens.append(mark._replace(lead="\n" if self.tokens else ""))
            self._waiting, self._is_in_block, self._lead = None, True, " "

    def _add_mark(self, key: str, text: str) -> None:
        self._show_block_mark()
        self.tokens.append(_mark(key, text))

    def _block_mark(self, tag: str) -> Token:
        return _mark(tag, str(BLOCK_MARKS[tag]))

    def _paragraph_mark(self) -> Token:
        return self._block_mark("blockquote" if self._quotes else "p")

    def _item_mark(self) -> Token:
        tag, depth = (self._lists[-1] if self._lists else "ul"), len(self._lists)
        text = str(BLOCK_MARKS[tag])
        if depth > 1:
            text = _("%(item)s, level %(depth)s") % {"item": text, "depth": depth}
        return _mark(f"li {tag} {depth}", text)
