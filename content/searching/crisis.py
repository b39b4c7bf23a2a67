"""Whether somebody who searches may be in danger. Asked of every language, whichever the page is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from content.searching.distance import distance
from content.searching.words import crisis_card, crisis_phrases, words

# From these lengths on one letter, and two, may be wrong: in shorter words another letter is mostly another word.
ONE_WRONG_FROM = 5
TWO_WRONG_FROM = 9
# As long as anybody's search is, and far longer than what is searched for.
MOST_CHARACTERS = 1000


def cards(text: str, language: str) -> list[dict[str, Any]]:
    """What to show above everything: {"language", "heading", "text", …} for each language in which `text` has words of
    crisis, the page's own `language` first."""
    typed = [word.folded for word in words(text[:MOST_CHARACTERS])]
    wanted = {word for phrases in crisis_phrases().values() for phrase in phrases for word in phrase}
    may_mean = {word: {other for other in wanted if _is_meant(word, other)} for word in set(typed)}
    meant = [may_mean[word] for word in typed]
    found = [code for code, phrases in crisis_phrases().items() if any(_has(meant, phrase) for phrase in phrases)]
    return [{"language": code} | crisis_card(code) for code in sorted(found, key=lambda code: code != language)]


def _has(meant: Sequence[set[str]], phrase: Sequence[str]) -> bool:
    return any(
        all(word in may_be for may_be, word in zip(meant[start:], phrase, strict=False))
        for start in range(len(meant) - len(phrase) + 1)
    )


def _is_meant(word: str, wanted: str) -> bool:
    most = (len(wanted) >= ONE_WRONG_FROM) + (len(wanted) >= TWO_WRONG_FROM)
    return word == wanted or (most > 0 and distance(word, wanted, most) <= most)
