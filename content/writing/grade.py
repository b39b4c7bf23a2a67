"""Reading grade: the school year (US) whose pupils can read a text, from two formulas that need no dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from content.writing.sentences import words_of

# Both formulas were fitted to samples of about this length; below it they say little.
FEWEST_WORDS = 100


def automated_readability_index(*, characters: int, words: int, sentences: int) -> float:
    """ARI. Characters are letters and digits. R. J. Senter and E. A. Smith, Automated Readability Index, Aerospace
    Medical Research Laboratories, AMRL-TR-66-220, 1967."""
    return 4.71 * characters / words + 0.5 * words / sentences - 21.43


def coleman_liau_index(*, letters: int, words: int, sentences: int) -> float:
    """M. Coleman and T. L. Liau, A computer readability formula designed for machine scoring, Journal of Applied
    Psychology 1975;60(2):283–284: letters and sentences per 100 words."""
    return 0.0588 * (100 * letters / words) - 0.296 * (100 * sentences / words) - 15.8


def reading_grade(sentences: Sequence[str]) -> int | None:
    """The mean of both, rounded (halves up), never below 0; None for a text too short to tell."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    if len(words) < FEWEST_WORDS:
        return None
    letters = sum(map(str.isalpha, "".join(words)))
    characters = sum(map(str.isalnum, "".join(words)))
    ari = automated_readability_index(characters=characters, words=len(words), sentences=len(sentences))
    coleman_liau = coleman_liau_index(letters=letters, words=len(words), sentences=len(sentences))
    return max(0, int((ari + coleman_liau) / 2 + 0.5))
