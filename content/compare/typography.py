"""Whether two documents differ in typography alone: what a reviewer may sign anew without reading the page again.

Typography is case, punctuation, spacing, accents, a word written twice, and a slip inside a long word that keeps its
first and last letters. Everything else may change what a reader does: “can” and “can’t”, “safe” and “unsafe”, “10” and
“100” are one stroke apart. So nothing is forgiven in short words, at either end of a word, or where there is a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from content.compare.documents import Document
from content.compare.tokens import Token, rich_tokens, text_tokens
from content.writing.html import is_rich

# Fields that are read as words; any other must be the same to the letter.
PAGE_WORDS = {"title", "nav_title", "summary", "description"}
NO_WORDS = {"type", "uid", "kind", "ages", "doi", "url", "target"}
SWAPPED_FROM, DOUBLED_FROM, DROPPED_FROM = 6, 5, 7
_dash = re.compile(r"[‐-―−]")


def beyond_typography(old: Document, new: Document) -> str:
    """'' when only typography differs, else the first thing that goes beyond it, such as “less” → “MORE”."""
    return next(_found(old, new), "")


def _found(old: Document, new: Document) -> Iterator[str]:
    yield from _in_fields(_page(old), _page(new), PAGE_WORDS)
    for before, after in zip_longest(old["blocks"], new["blocks"]):
        if before is None or after is None or before["uid"] != after["uid"]:
            yield _("a block that was added, taken away, or moved")
            return
        yield from _in_fields(before, after, {name for name in before if name not in NO_WORDS})


def _page(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in {"blocks", "schema"}}


def _in_fields(old: Document, new: Document, words: set[str]) -> Iterator[str]:
    for name in old.keys() | new.keys():
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name in words and isinstance(before, str) and isinstance(after, str):
            yield from _in_words(_tokens(name, before, old), _tokens(name, after, new))
        else:
            yield _("a change beside the words (%(field)s)") % {"field": name}


def _tokens(name: str, value: str, holder: Mapping[str, Any]) -> list[Token]:
    tokens = rich_tokens(value, {}) if is_rich(name, value, holder) else text_tokens(value)
    return [token for token in tokens if token.is_mark or any(map(str.isalnum, token.text))]


def _in_words(old: list[Token], new: list[Token]) -> Iterator[str]:
    before, after = [_plain(token) for token in old], [_plain(token) for token in new]
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal" or _is_slip(before[i:j], after[k:m]) or _is_repeated(before, i, j, is_gone=k == m):
            continue
        words = [" ".join(token.text for token in tokens) for tokens in (old[i:j], new[k:m])]
        yield "“{}” → “{}”".format(*words)


def _plain(token: Token) -> str:
    """A word without its case, accents and marks; a number as it is, but for the kind of its dashes."""
    if token.is_mark:
        return token.key
    text = "".join(one for one in unicodedata.normalize("NFKD", token.text) if not unicodedata.combining(one))
    if any(map(str.isdigit, text)):
        return _dash.sub("-", text.casefold())
    return "".join(filter(str.isalpha, text)).casefold()


def _is_slip(old: list[str], new: list[str]) -> bool:
    if not all(word.isalpha() for word in old + new):
        return False
    # Written together or apart.
    if old and new and "".join(old) == "".join(new):
        return True
    return bool(old) and len(old) == len(new) and all(map(_is_misspelt, old, new))


def _is_repeated(words: list[str], i: int, j: int, *, is_gone: bool) -> bool:
    """“the the” → “the”"""
    return is_gone and j == i + 1 and words[i].isalpha() and words[i] in words[max(0, i - 1) : i] + words[j : j + 1]


def _is_misspelt(one: str, other: str) -> bool:
    """Whether two words are one, by one slip of the pen inside of it."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if short[0] != long[0] or short[-1] != long[-1] or len(long) - len(short) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        swapped = short[:at] + short[at : at + 2][::-1] + short[at + 2 :]
        return len(long) >= SWAPPED_FROM and swapped == long
    if short[:at] + long[at] + short[at:] != long:
        return False
    is_doubled = long[at] == long[at - 1]
    return len(long) >= (DOUBLED_FROM if is_doubled else DROPPED_FROM) and (is_doubled or short[:2] == long[:2])
