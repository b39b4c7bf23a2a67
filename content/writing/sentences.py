"""Text → sentences → words."""

from __future__ import annotations

import re
from collections.abc import Set

# “well-being”, “don’t”, “3–4”, “9:30” and “1,000” are one word each.
_word = re.compile(r"[^\W_]+(?:['’.,:/@–-][^\W_]+)*")
# A sentence's end, with the quotation marks and brackets that close behind it.
_end = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*\s+")
# Characters in which an abbreviation, or the first letter of a sentence, is looked for.
LOOK_BACK = 80
_last_word = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")


def words_of(text: str) -> list[str]:
    return _word.findall(text)


def sentences_of(text: str, *, abbreviations: Set[str] = frozenset()) -> list[str]:
    """`abbreviations`: in small letters, without the last full stop: “e.g”, “dr”. They never end a sentence; nor does a
    single letter, a decimal, or anything that goes on in small letters."""
    sentences, start = [], 0
    for match in _end.finditer(text):
        if _is_end(text, start, match, abbreviations):
            sentences.append(text[start : match.end()].strip())
            start = match.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if words_of(sentence)]


def _is_end(text: str, start: int, match: re.Match[str], abbreviations: Set[str]) -> bool:
    before = text[max(start, match.start() - LOOK_BACK) : match.start()]
    if text[match.end() : match.end() + 1].islower() or not any(map(str.isalpha, before)):
        return False
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    last = _last_word.search(before)
    return last is None or not (last[0].casefold() in abbreviations or (len(last[0]) == 1 and last[0].isalpha()))
