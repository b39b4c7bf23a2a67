"""What somebody typed → the live pages that answer it, best first. Reads, and never writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Length

from content.models import LevelOfCare, SearchEntry, SearchTrigram
from content.published import LivePage
from content.searching import engine
from content.searching.distance import SHORTEST, allowed, distance, trigrams
from content.searching.words import asked_for, leads, readable, stem, stems, stop_words, synonyms, words

# What is typed beyond these is not looked at.
MOST_CHARACTERS = 200
MOST_WORDS = 12
# Of the words that share most trigrams with a misspelt one, how many are looked at, and how many of them searched for.
CANDIDATES = 60
MEANT = 3
# From this length on a word is mended also beside others that are right.
SURE_FROM = 5
# A longer word that begins with what was typed.
PREFIX_FROM = 4
# On a site of so many pages, a word that more than a third of them have is too common to be found by alone.
COMMON_FROM = 10
COMMON_SHARE = 1 / 3


@dataclass(frozen=True)
class Term:
    """A word that was typed, and the stems that it is searched by, its own first; `titles`: those that do in a title
    alone; `meant`: other words, where no live page has it; `is_common`: very many pages have it."""

    typed: str
    stems: tuple[str, ...]
    titles: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    is_common: bool = False


@dataclass(frozen=True)
class Hit:
    """`level`: the level of care by which the page was found, in one of its tables."""

    page: LivePage
    level: LevelOfCare | None = None


@dataclass(frozen=True)
class Found:
    """`is_partial`: no page has every word, and these have some. `is_cut`: more was typed than is looked at."""

    hits: list[Hit]
    terms: list[Term]
    is_partial: bool
    is_cut: bool

    @property
    def stems(self) -> set[str]:
        return {one for term in self.terms for one in term.stems}

    @property
    def meant(self) -> list[str]:
        return list(dict.fromkeys(word for term in self.terms for word in term.meant))


def search(text: str, *, pages: Sequence[LivePage], levels: Sequence[LevelOfCare], language: str) -> Found:
    """`pages`: those that are live, all in `language`, which break ties in their order. At most six queries."""
    typed, is_cut = _words_of(text, language)
    live = {page.version_id: page for page in pages}
    of_levels = _hits_of_levels(typed, levels, live, language)
    terms = _terms(typed, live, language, is_corrected=not of_levels)
    scores = _matches(terms, live, every=True)
    is_partial = not scores and not of_levels and len(terms) > 1
    if is_partial:
        # "Take" and "do" lead nowhere once the word that was meant is not there.
        telling = [term for term in terms if not term.is_common] or terms
        scores = _matches(telling, live, every=False)
    hits = [Hit(live[version]) for version in _ranked(scores, terms, live, language)]
    hits += [hit for hit in of_levels if hit.page.version_id not in scores]
    return Found(hits, terms, is_partial=is_partial and bool(hits), is_cut=is_cut)


def languages_asked_for(text: str) -> set[str]:
    """Codes of the languages that `text` names, such as 'es' for "en español"."""
    typed = {word.folded for word in words(text[:MOST_CHARACTERS])}
    return {code for code, asked in asked_for().items() if typed & asked}


def _matches(terms: Sequence[Term], live: dict[int, LivePage], *, every: bool) -> dict[int, float]:
    titles = [term.titles for term in terms]
    return engine.matches([term.stems for term in terms], live, every=every, titles=titles)


def _ranked(scores: dict[int, float], terms: Sequence[Term], live: dict[int, LivePage], language: str) -> list[int]:
    """First by how many of the words the title or the address has, which a database's score does not count."""
    place = {version: number for number, version in enumerate(live)}
    named = {version: _in_title(live[version], terms, language) for version in scores}
    return sorted(scores, key=lambda version: (-named[version], -scores[version], place[version]))


def _in_title(page: LivePage, terms: Sequence[Term], language: str) -> int:
    """Two for a word itself, one for another that stands for it."""
    there = {*stems(readable(f"{page.title} {page.nav_title} {page.slug}"), language)}
    return sum(
        2 if term.stems[0] in there else 1 for term in terms if not there.isdisjoint((*term.stems, *term.titles))
    )


def _words_of(text: str, language: str) -> tuple[list[str], bool]:
    """The folded words to search for, each once, and whether some were left out."""
    shown = readable(text[: MOST_CHARACTERS * 4])[:MOST_CHARACTERS]
    all_words = list(dict.fromkeys(word.folded for word in words(shown)))
    telling = [word for word in all_words if word not in stop_words(language)]
    # "Where are you" has nothing but such words, and one of them says what it is about.
    telling = telling or [word for word in all_words if stem(word, language) in leads(language)] or all_words
    return telling[:MOST_WORDS], len(readable(text)) > MOST_CHARACTERS or len(telling) > MOST_WORDS


# --- Misspelt words --------------------------------------------------------------------------------------------------


def _terms(typed: list[str], live: dict[int, LivePage], language: str, *, is_corrected: bool) -> list[Term]:
    said = {word: _said_for(word, language) for word in typed}
    titles = {word: leads(language).get(stem(word, language), ()) for word in typed}
    known = engine.known((one for ones in said.values() for one in ones), live)
    unknown = {word for word in typed if not known.keys() & {*said[word]}}
    near = {
        word: _near(word, language) for word in unknown if is_corrected and _is_mended(word, typed, unknown, language)
    }
    known |= engine.known((stem(other, language) for others in near.values() for _far, other in others), live)
    terms = []
    for word in typed:
        others = [(far, other) for far, other in near.get(word, []) if stem(other, language) in known]
        meant = [other for far, other in others if far == others[0][0]][:MEANT]
        chosen = dict.fromkeys(one for other in meant for one in _said_for(other, language)) or said[word]
        is_common = len(live) >= COMMON_FROM and known.get(next(iter(chosen)), 0) > len(live) * COMMON_SHARE
        terms.append(Term(word, tuple(chosen), titles[word], tuple(meant), is_common))
    return terms


def _said_for(word: str, language: str) -> tuple[str, ...]:
    """The stem of `word`, and those of the words that mean the same."""
    own = stem(word, language)
    return synonyms(language).get(own, (own,))


def _is_mended(word: str, typed: list[str], unknown: set[str], language: str) -> bool:
    """Of four letters and one wrong a word is soon another one: only if there is nothing else to go by. A word that
    search knows is written as it should be, whether or not a page has it."""
    own = stem(word, language)
    if own in synonyms(language) or own in leads(language) or any(word in asked for asked in asked_for().values()):
        return False
    is_long_enough = len(word) >= SURE_FROM or (len(word) >= SHORTEST and len(unknown) == len(typed))
    return is_long_enough and not word.isdigit()


def _near(word: str, language: str) -> list[tuple[int, str]]:
    """(letters that are wrong, word) of words on this site that `word` may stand for, nearest first."""
    shortest, longest = len(word) - 2, len(word) + 2
    rows = (
        SearchTrigram.objects.filter(language=language, trigram__in=trigrams(word))
        .annotate(length=Length("word"))
        .filter(Q(length__range=(shortest, longest)) | Q(word__startswith=word))
        .values_list("word")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "word")[:CANDIDATES]
    )
    near = []
    for other, shared in rows:
        most = allowed(word, other)
        far = 1 if len(word) >= PREFIX_FROM and other.startswith(word) else distance(word, other, most)
        if far <= most:
            # Of equally near ones, those that begin alike, then those that look most alike.
            near.append((far, other[0] != word[0], -shared, other))
    return [(far, other) for far, _begins, _shared, other in sorted(near)]


# --- Levels of care --------------------------------------------------------------------------------------------------


def _hits_of_levels(
    typed: list[str], levels: Sequence[LevelOfCare], live: dict[int, LivePage], language: str
) -> list[Hit]:
    """Pages with a table that shows a level of care called so. The tables are filled when they are shown, and so their
    words are in no version."""
    wanted = {stem(word, language) for word in typed}
    named = [level for level in levels if wanted <= {*stems(f"{level.name} {level.short_name}", language)}]
    if not wanted or not named:
        return []
    entries = SearchEntry.objects.filter(version__in=live).exclude(tables=[]).values_list("version", "tables")
    shown = dict(entries)
    return [
        Hit(page, level)
        for version, page in live.items()
        if (level := next((one for one in named if table_of(shown.get(version, []), one)), None))
    ]


def table_of(tables: list[dict[str, str]], level: LevelOfCare) -> dict[str, str] | None:
    """The first of `tables` that shows `level`."""
    shows = (table for table in tables if level.ages in {table["ages"], LevelOfCare.Ages.ALL} or not table["ages"])
    return next(shows, None)
