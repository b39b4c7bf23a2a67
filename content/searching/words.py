"""How a text is read: its words without case and accents, and their stems. The same for what is written and what is
typed, in the index and in the highlighting, so that neither database has to know a language, nor to have an extension.
"""

from __future__ import annotations

import re
import threading
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language_info

# Raised by one whenever a text is read in another way: `manage.py rebuild_search` then makes every entry anew.
READING = 2
LONGEST_WORD = 40
# Letters and digits, and what holds the two halves of "don’t" together.
_word = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
# A stemmer keeps the word that it works on.
_one_at_a_time = threading.Lock()


class Word(NamedTuple):
    """`text[start:end]`, and how it is read."""

    start: int
    end: int
    folded: str


def readable(text: str) -> str:
    """`text` with composed letters and single spaces, as `words` expects it and as excerpts show it."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\x00", " ")).split())


def words(text: str) -> Iterator[Word]:
    for match in _word.finditer(text):
        if folded := fold(match[0]):
            yield Word(match.start(), match.end(), folded)


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """'Depresión' and 'DEPRESION' → 'depresion', 'don’t' → 'dont'; letters and digits only, as both databases know
    them."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(sign for sign in decomposed if sign.isalpha() or sign.isdecimal())[:LONGEST_WORD]


@lru_cache(maxsize=8192)
def stem(word: str, language: str) -> str:
    """What the folded `word` has in common with its other forms; the word itself if it is a name, or in a language
    without a stemmer."""
    stemmer = _stemmer(language)
    if stemmer is None or word in names(language):
        return word
    with _one_at_a_time:
        return fold(stemmer.stemWord(word)) or word


def stems(text: str, language: str) -> list[str]:
    """Of the words of `text`, in their order."""
    return [stem(word.folded, language) for word in words(text)]


@cache
def _stemmer(language: str) -> Any:
    try:
        name = get_language_info(language)["name"].lower()
    except KeyError:
        return None
    # It reads the rules of forty languages, which a process that nobody searches with does without.
    import snowballstemmer

    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None


@cache
def _data(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / f"words_{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing about what somebody looks for."""
    return frozenset(word.folded for word in words(_data(language).get("stop_words", "")))


@cache
def names(language: str) -> frozenset[str]:
    """Words that have no other forms, whatever a stemmer makes of them: "Medicaid" is no form of "médico"."""
    return frozenset(word.folded for word in words(_data(language).get("names", "")))


@cache
def synonyms(language: str) -> dict[str, tuple[str, ...]]:
    """stem → the stems of the words that people say for the same, its own first."""
    groups = [dict.fromkeys(stems(group, language)) for group in _data(language).get("synonyms", [])]
    return {own: (own, *(other for other in group if other != own)) for group in groups for own in group}


@cache
def leads(language: str) -> dict[str, tuple[str, ...]]:
    """stem → the stems of titles that answer it besides, though they do not say it: an insurer's name → insurance."""
    found: dict[str, dict[str, None]] = {}
    for lead in _data(language).get("leads", []):
        for one in stems(lead["words"], language):
            found.setdefault(one, {}).update(dict.fromkeys(stems(lead["titles"], language)))
    return {one: tuple(titles) for one, titles in found.items()}


@cache
def asked_for() -> dict[str, frozenset[str]]:
    """language → the folded words by which people ask for a site in it."""
    return {
        code: frozenset(word.folded for word in words(_data(code).get("asked_for", {}).get("by", "")))
        for code, _name in settings.LANGUAGES
    }


def asked_for_line(language: str) -> str:
    """The words of the link to the site in `language`, which `asked_for` has words of."""
    return _data(language)["asked_for"]["line"]


def folded_words(phrase: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(phrase))


def folded_phrase(phrase: str) -> str:
    """'Don’t  want to LIVE!' → 'dont want to live'."""
    return " ".join(folded_words(phrase))


@cache
def crisis_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """language → the phrases that staff's list begins with, each its folded words."""
    listed = {code: written_crisis_phrases(code) for code, _name in settings.LANGUAGES}
    return {language: tuple(map(folded_words, phrases)) for language, phrases in listed.items() if phrases}


def written_crisis_phrases(language: str) -> list[str]:
    """As a person writes them; none in a language that has no card."""
    return _data(language).get("crisis", {}).get("phrases", [])


@cache
def other_than_crisis() -> frozenset[str]:
    """Folded words, of any language, that are near one of a phrase of crisis by their letters alone."""
    listed = (_data(code).get("crisis", {}).get("other_words", "") for code, _name in settings.LANGUAGES)
    return frozenset(word.folded for text in listed for word in words(text))


def crisis_card(language: str) -> dict[str, str]:
    """The words of the card: heading, text, call, call_911, message and message_link; and `elsewhere`, its one line
    under the card of another language."""
    return _data(language)["crisis"]["card"]
