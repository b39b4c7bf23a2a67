"""Where in a page the words stand: parts of text for a template to escape and mark. No HTML is made here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from content.models import SearchEntry
from content.searching.query import Found, Hit, table_of
from content.searching.words import readable, stems, words

# Characters of an excerpt, and of it before the first word that was looked for.
LONGEST = 240
BEFORE = 70


class Part(NamedTuple):
    text: str
    is_hit: bool


@dataclass(frozen=True)
class Result:
    """`id` and `heading`: of the part of the page that the excerpt is from, '' at its beginning."""

    path: str
    title: list[Part]
    excerpt: list[Part]
    id: str = ""
    heading: str = ""


def results(found: Found, hits: Sequence[Hit], language: str) -> list[Result]:
    """`hits`, some of `found`'s, as they are shown; one query."""
    versions = [hit.page.version_id for hit in hits]
    entries = {entry.version_id: entry for entry in SearchEntry.objects.filter(version__in=versions)}
    return [_result(hit, entries[hit.page.version_id], found, language) for hit in hits]


def _result(hit: Hit, entry: SearchEntry, found: Found, language: str) -> Result:
    wanted = found.stems
    title = marked(readable(hit.page.title), wanted, language)
    if hit.level and (table := table_of(entry.tables, hit.level)):
        text = readable(f"{hit.level.name}: {hit.level.suits}")
        return Result(hit.page.path, title, marked(text, wanted, language), table["id"], table["heading"])
    summary = readable(hit.page.summary)
    # The short answer, unless a part of the page has a word that neither it nor the title has.
    said = _answered(found, {*stems(f"{hit.page.title} {summary}", language)})
    section = max(entry.sections, key=lambda one: _worth(found, one, language), default=None)
    if section is None or _answered(found, _stems_of(section, language)) <= said:
        return Result(hit.page.path, title, marked(summary, wanted, language))
    excerpt = _excerpt(section, wanted, language) or marked(summary, wanted, language)
    return Result(hit.page.path, title, excerpt, section["id"], section["heading"])


def _answered(found: Found, there: set[str]) -> set[str]:
    """The words that were typed which `there`, the stems of a text, has in some form."""
    return {term.typed for term in found.terms if not there.isdisjoint(term.stems)}


def _worth(found: Found, section: dict[str, Any], language: str) -> tuple[int, int]:
    """How many of the words it answers at all, and how many in its heading."""
    in_heading = _answered(found, {*stems(section["heading"], language)})
    return len(_answered(found, _stems_of(section, language))), len(in_heading)


def _stems_of(section: dict[str, Any], language: str) -> set[str]:
    return {*section["stems"].split(), *stems(section["heading"], language)}


def _excerpt(section: dict[str, Any], wanted: Collection[str], language: str) -> list[Part]:
    """From the line with the most of the words, or the first one where only the heading has some."""
    lines = section["text"].split("\n") if section["text"] else []
    of_lines = [marked(line, wanted, language) for line in lines]
    if not of_lines:
        return []
    return cut(max(of_lines, key=lambda parts: len({part.text.casefold() for part in parts if part.is_hit})))


def marked(text: str, wanted: Collection[str], language: str) -> list[Part]:
    """The whole `text`, with the words whose stems are `wanted` as parts of their own."""
    parts, position = [], 0
    for word, its_stem in zip(words(text), stems(text, language), strict=True):
        if its_stem in wanted:
            parts += [Part(text[position : word.start], False), Part(text[word.start : word.end], True)]
            position = word.end
    return [part for part in (*parts, Part(text[position:], False)) if part.text]


def cut(parts: Sequence[Part]) -> list[Part]:
    """A stretch of `parts` round their first hit, at most LONGEST characters in whole words, with … where it is cut."""
    text = "".join(part.text for part in parts)
    if len(text) <= LONGEST:
        return list(parts)
    first = 0
    for part in parts:
        if part.is_hit:
            break
        first += len(part.text)
    start = 0 if first >= len(text) or first <= BEFORE else text.find(" ", first - BEFORE, first) + 1
    end = len(text) if len(text) - start <= LONGEST else max(text.rfind(" ", start, start + LONGEST), first + 1)
    shown, position = [], 0
    for part in parts:
        inside = part.text[max(start - position, 0) : max(end - position, 0)]
        shown += [Part(inside, part.is_hit)] if inside else []
        position += len(part.text)
    return [*([Part("… ", False)] if start else []), *shown, *([Part(" …", False)] if end < len(text) else [])]
