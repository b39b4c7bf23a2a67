"""Whether somebody who searches or writes to us may be in danger. Asked of every language, whichever the page is in.

The phrases are staff's (CrisisPhrase). While a language has none, or nobody knows them, those that the software brings
hold: a database that is away must not cost anybody the card.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from content.models import CrisisPhrase
from content.published import known, rows_or_none
from content.searching.distance import distance
from content.searching.words import crisis_card, crisis_phrases, folded_words, other_than_crisis, words

# From these lengths on one letter, and two, may be wrong: in shorter words another letter is mostly another word.
ONE_WRONG_FROM = 5
TWO_WRONG_FROM = 9
# As long as a message may be.
MOST_CHARACTERS = 2000


class Lists(NamedTuple):
    """`phrases`: language → phrases, each its folded words. `words`: all of those; `near`: see `_near`."""

    phrases: dict[str, tuple[tuple[str, ...], ...]]
    words: set[str]
    near: dict[int, list[tuple[str, int, int]]]


def card(text: str, language: str) -> dict[str, Any] | None:
    """What to show above everything if `text` has words of crisis: {"language", "heading", "text", …}, and "others":
    {"language", "line"} of every other language.

    In the language whose words are nearest to what was typed; of equally near ones in the page's own `language`.
    """
    wrong = _wrong_letters(text)
    found = {code: letters for code, letters in wrong.items() if letters is not None}
    if not found:
        return None
    chosen = min(found, key=lambda code: (found[code], code != language))
    others = [{"language": code, "line": crisis_card(code)["elsewhere"]} for code in wrong if code != chosen]
    return {"language": chosen, "others": others} | crisis_card(chosen)


def is_in(text: str) -> bool:
    """Whether `text` has words of crisis, of any language."""
    return any(letters is not None for letters in _wrong_letters(text).values())


def _wrong_letters(text: str) -> dict[str, int | None]:
    """By language, how many letters are wrong in its words of crisis that are nearest to some of `text`; None where
    there are none."""
    typed = [word.folded for word in words(text[:MOST_CHARACTERS])]
    lists = _lists()
    may_mean = {word: _meanings(word, lists) for word in set(typed)}
    meant = [may_mean[word] for word in typed]
    return {code: _fewest_wrong(meant, phrases) for code, phrases in lists.phrases.items()}


def _lists() -> Lists:
    """Made once a moment."""
    rows = rows_or_none(CrisisPhrase)
    if rows is None:
        # Not remembered for the moment, which may outlast the outage.
        return _shipped()
    return known("words of crisis", lambda: _lists_of(rows))


@functools.cache
def _shipped() -> Lists:
    return _lists_of([])


def _lists_of(rows: Sequence[CrisisPhrase]) -> Lists:
    phrases = dict(crisis_phrases())
    for language in phrases.keys() & {row.language for row in rows}:
        used = (folded_words(row.phrase) for row in rows if row.language == language and row.is_active)
        phrases[language] = tuple(phrase for phrase in used if phrase)
    every = {word for listed in phrases.values() for phrase in listed for word in phrase}
    return Lists(phrases, every, _near(every))


def _fewest_wrong(meant: Sequence[dict[str, int]], phrases: Sequence[Sequence[str]]) -> int | None:
    """Letters that are wrong in the phrase that is most surely there; None if none of them is."""
    there = (
        sum(may_be[word] for may_be, word in zip(meant[start:], phrase, strict=False))
        for start, begins in enumerate(meant)
        for phrase in (phrases if begins else ())
        if phrase[0] in begins
        and len(phrase) <= len(meant) - start
        and all(word in may_be for may_be, word in zip(meant[start:], phrase, strict=False))
    )
    return min(there, default=None)


def _meanings(word: str, lists: Lists) -> dict[str, int]:
    """Of the words in phrases of crisis, those that `word` may stand for → how many letters of them are wrong. A word
    that is right as it stands, such as "putting", stands for no other."""
    found = {word: 0} if word in lists.words else {}
    if word in other_than_crisis():
        return found
    letters = _letters(word)
    for other, others_letters, most in lists.near.get(len(word), ()):
        # One wrong letter is two that only one of them has, so most words need no closer look.
        if (letters ^ others_letters).bit_count() <= 2 * most and (far := distance(word, other, most)) <= most:
            found[other] = far
    return found


def _near(listed: Collection[str]) -> dict[int, list[tuple[str, int, int]]]:
    """By the length of what somebody types: each of `listed` that it may stand for, with its letters, and how many of
    them may be wrong. Of short words none may."""
    near: dict[int, list[tuple[str, int, int]]] = {}
    for word in listed:
        most = (len(word) >= ONE_WRONG_FROM) + (len(word) >= TWO_WRONG_FROM)
        if most:
            for length in range(len(word) - most, len(word) + most + 1):
                near.setdefault(length, []).append((word, _letters(word), most))
    return near


def _letters(word: str) -> int:
    """Which letters are in `word`, a bit each; two letters may share one."""
    return functools.reduce(lambda bits, letter: bits | 1 << ord(letter) % 64, word, 0)
