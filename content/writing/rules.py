"""The lists that writing help works with: staff's data, rows of (kind, phrase, suggestion), one set a language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from content.writing.html import tidy

# The formulas for reading grades were fitted to English; in Spanish, whose words are longer, they would be wrong.
GRADED_LANGUAGES = {"en"}
_one_for_one = str.maketrans({"’": "'", "‑": "-", "\u00a0": " ", "\u202f": " "})


class RuleKind(TextChoices):
    WORDING = "wording", _("Hurtful or unsafe wording")
    CLAIM = "claim", _("Word that claims something")
    NEGATION = "negation", _("Word that takes a claim back")
    LINK_TEXT = "link_text", _("Link text that says nothing")
    ACRONYM = "acronym", _("Known acronym")
    ABBREVIATION = "abbreviation", _("Abbreviation with a full stop")


class RuleRow(NamedTuple):
    kind: str
    phrase: str
    suggestion: str


class Match(NamedTuple):
    """A phrase of a list in a text, from `start` to `end`."""

    start: int
    end: int
    suggestion: str


class PhraseList:
    """Finds phrases as whole words, whatever their case; “*” at a word's end stands for any ending. Of phrases that
    begin at one place the longest wins. One with the suggestion None is an exception: what it covers is passed over."""

    def __init__(self, phrases: Iterable[tuple[str, str | None]]) -> None:
        listed = {folded(phrase): suggestion for phrase, suggestion in phrases if folded(phrase).strip("* ")}
        longest_first = sorted(listed, key=len, reverse=True)
        self._suggestions = [listed[phrase] for phrase in longest_first]
        alternatives = "|".join(f"({_pattern(phrase)})" for phrase in longest_first) or r"(?!)"
        # A hyphen that joins belongs to the word: “addict” is not in “non-addict”.
        self._regex = re.compile(rf"(?<!\w)(?<!\w-)(?:{alternatives})(?!\w)(?!-\w)", re.IGNORECASE)

    def matches(self, text: str) -> Iterator[Match]:
        for match in self._regex.finditer(text.translate(_one_for_one)):
            suggestion = self._suggestions[(match.lastindex or 1) - 1]
            if suggestion is not None:
                yield Match(match.start(), match.end(), suggestion)


def folded(text: str) -> str:
    """`text` as it is looked up: plain apostrophes, hyphens and spaces, small letters."""
    return tidy(text).translate(_one_for_one).casefold()


def _pattern(phrase: str) -> str:
    words = (re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in phrase.split())
    return r"\s+".join(words)


@dataclass(frozen=True)
class Rules:
    """All lists of one language. `grade_limit` is None where reading grades are not computed."""

    language: str
    wording: PhraseList
    claims: PhraseList
    negations: PhraseList
    link_texts: frozenset[str]
    acronyms: frozenset[str]
    abbreviations: frozenset[str]
    grade_limit: int | None
    sentence_limit: int = 25

    @classmethod
    def of(cls, language: str, rows: Iterable[tuple[str, str, str]]) -> Rules:
        """From (kind, phrase, suggestion), as `default_rows` or a model's `values_list` gives them."""
        listed: dict[str, list[tuple[str, str]]] = {kind: [] for kind in RuleKind.values}
        for kind, phrase, suggestion in rows:
            listed.setdefault(kind, []).append((phrase, suggestion.strip()))
        return cls(
            language=language,
            wording=PhraseList((phrase, suggestion or None) for phrase, suggestion in listed[RuleKind.WORDING]),
            claims=PhraseList(listed[RuleKind.CLAIM]),
            negations=PhraseList(listed[RuleKind.NEGATION]),
            link_texts=frozenset(folded(phrase) for phrase, _ in listed[RuleKind.LINK_TEXT]),
            acronyms=frozenset(phrase.strip() for phrase, _ in listed[RuleKind.ACRONYM]),
            abbreviations=frozenset(folded(phrase).rstrip(".") for phrase, _ in listed[RuleKind.ABBREVIATION]),
            grade_limit=8 if language in GRADED_LANGUAGES else None,
        )


def default_rows(language: str) -> list[RuleRow]:
    """What the lists begin with; empty for a language that has no file."""
    path = Path(__file__).parent / f"rules_{language}.toml"
    if not path.is_file():
        return []
    rows = []
    for kind, listed in tomllib.loads(path.read_text(encoding="utf-8")).items():
        suggestions = listed if isinstance(listed, dict) else dict.fromkeys(listed, "")
        rows += [RuleRow(kind, phrase, suggestion) for phrase, suggestion in suggestions.items()]
    return rows
