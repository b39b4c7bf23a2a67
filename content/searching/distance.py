"""How many letters are wrong, and the three-letter pieces by which words that look alike are found."""

from __future__ import annotations

# From this length on, of the longer of two words, two letters may be wrong; one before.
TWO_WRONG_FROM = 6
SHORTEST = 3


def trigrams(word: str) -> set[str]:
    """'iop' → {'  i', ' io', 'iop', 'op '}: the beginning of a word counts more than its end."""
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def allowed(one: str, other: str) -> int:
    """How many letters may be wrong between the two."""
    return 2 if max(len(one), len(other)) >= TWO_WRONG_FROM else 1


def distance(one: str, other: str, most: int) -> int:
    """Letters added, left out, wrong, or in each other's place (optimal string alignment); `most + 1` if it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, previous, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        # Two letters in each other's place skip a row.
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row[-1], most + 1)
