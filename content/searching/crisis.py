"""Whether somebody who searches may be in danger. Asked of every language, whichever the page is in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from content.searching.distance import distance
from content.searching.words import crisis_card, crisis_phrases, other_than_crisis, words

# From these lengths on one letter, and two, may be wrong: in shorter words another letter is mostly another word.
ONE_WRONG_FROM = 5
TWO_WRONG_FROM = 9
# As long as anybody's search is, and far longer than what is searched for.
MOST_CHARACTERS = 1000


def card(text: str, language: str) -> dict[str, Any] | None:
    """What to show above everything if `text` has words of crisis: {"language", "heading", "text", …}, and "others":
    {"language", "line"} of every other language.

    In the language whose words are nearest to what was typed; of equally near ones in the page's own `language`.
    """
    typed = [word.folded for word in words(text[:MOST_CHARACTERS])]
    wanted = {word for phrases in crisis_phrases().values() for phrase in phrases for word in phrase}
    may_mean = {word: _meanings(word, wanted) for word in set(typed)}
    meant = [may_mean[word] for word in typed]
    wrong = {code: _fewest_wrong(meant, phrases) for code, phrases in crisis_phrases().items()}
    found = {code: letters for code, letters in wrong.items() if letters is not None}
    if not found:
        return None
    chosen = min(found, key=lambda code: (found[code], code != language))
    others = [{"language": code, "line": crisis_card(code)["elsewhere"]} for code in wrong if code != chosen]
    return {"language": chosen, "others": others} | crisis_card(chosen)


def _fewest_wrong(meant: Sequence[dict[str, int]], phrases: Sequence[Sequence[str]]) -> int | None:
    """Letters that are wrong in the phrase that is most surely there; None if none of them is."""
    there = (
        sum(may_be[word] for may_be, word in zip(meant[start:], phrase, strict=False))
        for phrase in phrases
        for start in range(len(meant) - len(phrase) + 1)
        if all(word in may_be for may_be, word in zip(meant[start:], phrase, strict=False))
    )
    return min(there, default=None)


def _meanings(word: str, wanted: Collection[str]) -> dict[str, int]:
    """Of `wanted`, the words that `word` may stand for → how many letters of them are wrong. A word that is right as it
    stands, such as "putting", stands for no other."""
    if word in other_than_crisis():
        return {word: 0} if word in wanted else {}
    found = {}
    for other in wanted:
        most = (len(other) >= ONE_WRONG_FROM) + (len(other) >= TWO_WRONG_FROM)
        if (far := distance(word, other, most)) <= most:
            found[other] = far
    return found
