"""A frozen document → HTML. The only module that marks HTML safe: every string in it is either cleaned by
`content.richtext` before it was frozen, or escaped by a template."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from content.drawing.ladder import rungs_of
from content.drawing.shown import NO_CHOICE, WeekChoice, milestones_context, week_context
from content.drawing.way import bends
from content.links import to_live
from content.models import LevelOfCare
from content.models.picture import FORMATS, url_of, widths_of
from content.richtext import BODY_TAGS, BRIEF_TAGS, RICH_FIELDS, clean_html

Group = tuple[str, list[dict[str, Any]]]

# Neighbours of these types are shown as one list, row or path.
GROUPED = {"list_item", "key_fact", "step", "question", "reference", "practice", "milestone"}
# Those with a heading of their own that readers can go to, and those that show a picture.
HEADED = {"levels_of_care", "ladder", "week"}
PICTURED = HEADED | {"image", "milestone", "step"}
CONTENTS_FROM = 3
# The fields of a frozen block that are no words.
NOT_READ = {"type", "uid", "kind", "ages", "doi", "url", "target"}
# In a JSON string these mean the same, and are no markup to an HTML parser. Outside of strings JSON has none of them.
JSON_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
# Ids that the templates around a document use themselves; their others have two hyphens, which no heading's id has.
RESERVED_IDS = {"content", "error-summary", "if-urgent", "rather-talk"}
_heading = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


@dataclass(frozen=True)
class Section:
    """From one heading that readers can go to up to the next. `number` counts from 1; 0 is what stands before the
    first."""

    number: int
    html: SafeString
    has_picture: bool


@dataclass(frozen=True)
class Rendered:
    """`contents` is empty for a page of fewer than three headings; `minutes` is the reading time, rounded up."""

    html: SafeString
    sections: tuple[Section, ...]
    contents: tuple[Heading, ...]
    words: int

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.words / settings.READING_WORDS_PER_MINUTE))


class Renderer:
    """Renders one document; keeps the heading level that blocks with headings of their own must continue."""

    def __init__(
        self,
        *,
        paths: Mapping[str, str],
        levels: Iterable[LevelOfCare],
        week: WeekChoice = NO_CHOICE,
        id_prefix: str = "",
        heading_shift: int = 0,
    ) -> None:
        """`paths`: page uid → path, for pages that are live. `levels` is iterated only if the document shows them.
        Where several documents stand on one page, `id_prefix` keeps their ids apart and `heading_shift` puts their
        headings that many levels lower."""
        self.paths = paths
        self.levels = levels
        self.week = week
        self.id_prefix = id_prefix
        self.shift = heading_shift
        self.level = 1 + heading_shift
        self.headings: list[Heading] = []

    def render(self, document: dict[str, Any]) -> Rendered:
        groups = [(type_, list(blocks)) for type_, blocks in grouped(document["blocks"])]
        parts = [self._group(type_, blocks) for type_, blocks in groups]
        return Rendered(
            html=mark_safe("\n".join(parts)),
            sections=tuple(sections_of(groups, parts)),
            contents=tuple(self.headings) if len(self.headings) >= CONTENTS_FROM else (),
            words=words_in(document),
        )

    def _group(self, type_: str, blocks: list[dict[str, Any]]) -> str:
        blocks = [self._trusted(block) for block in blocks]
        if type_ == "rich_text":
            return f'<div class="prose">{self._with_heading_ids(blocks[0]["body"])}</div>'
        context: dict[str, Any] = {"blocks": blocks, "block": blocks[0], "level": min(self.level + 1, 5)}
        if type_ in HEADED:
            context |= self._levels_context(blocks[0])
        if type_ == "milestone":
            context |= milestones_context(blocks)
        if type_ == "step":
            context["steps"] = list(zip(blocks, bends(len(blocks)), strict=True))
        if type_ == "reference":
            context["first_language"] = settings.LANGUAGE_CODE
        if type_ == "image":
            context["sources"] = sources_of(blocks[0]["picture"])
        if type_ == "call_to_action":
            context["path"] = self.paths.get(blocks[0]["target"] or "")
        return render_to_string(f"content/blocks/{type_}.html", context)

    def _trusted(self, block: dict[str, Any]) -> dict[str, Any]:
        """The block with its rich fields cleaned once more and marked, so that not even a tampered row can inject."""
        tags = BODY_TAGS if block["type"] == "rich_text" else BRIEF_TAGS
        return block | {
            name: mark_safe(to_live(clean_html(block[name], tags=tags), self.paths))
            for name in RICH_FIELDS.get(block["type"], ())
        }

    def _levels_context(self, block: dict[str, Any]) -> dict[str, Any]:
        shown = {block["ages"], LevelOfCare.Ages.ALL} if block["ages"] else set(LevelOfCare.Ages.values)
        self.level = 2 + self.shift
        levels = [level for level in self.levels if level.ages in shown]
        context = {"levels": levels, "heading_id": self._new_heading(block["heading"]), "level": self.level}
        if block["type"] == "ladder":
            context["rungs"] = rungs_of(levels)
        if block["type"] == "week":
            care = next((level for level in levels if level.kind == block["kind"]), None)
            context |= week_context(care, self.week, context["heading_id"])
        return context

    def _with_heading_ids(self, html: str) -> str:
        def with_id(match: re.Match[str]) -> str:
            self.level = int(match[1]) + self.shift
            if match[1] == "3":
                return f"<h{self.level}>{match[2]}</h{self.level}>"
            name = self._new_heading(unescape(strip_tags(match[2])).strip())
            return f'<h{self.level} id="{name}">{match[2]}</h{self.level}>'

        return _heading.sub(with_id, html)

    def _new_heading(self, text: str) -> str:
        base = f"{self.id_prefix}{slugify(text) or 'section'}"
        taken = RESERVED_IDS | {heading.id for heading in self.headings}
        name = next(
            candidate
            for candidate in itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
            if candidate not in taken
        )
        self.headings.append(Heading(id=name, text=text))
        return name


def sections_of(groups: Sequence[Group], parts: Sequence[str]) -> Iterator[Section]:
    """`parts`: the HTML of `groups`, in their order."""
    numbers = itertools.accumulate(int(_starts_section(type_, blocks[0])) for type_, blocks in groups)
    numbered = zip(numbers, groups, parts, strict=True)
    for number, run in itertools.groupby(numbered, key=itemgetter(0)):
        members = list(run)
        yield Section(
            number=number,
            html=mark_safe("\n".join(html for _number, _group, html in members)),
            has_picture=any(type_ in PICTURED for _number, (type_, _blocks), _html in members),
        )


def _starts_section(type_: str, block: dict[str, Any]) -> bool:
    return type_ in HEADED or (type_ == "rich_text" and block["body"].lstrip().startswith("<h2"))


def words_in(document: dict[str, Any]) -> int:
    """What there is to read in the frozen document itself; a table that is filled when it is shown does not count."""
    texts = [document["title"], document["summary"]]
    for block in document["blocks"]:
        texts += [value for name, value in block.items() if isinstance(value, str) and name not in NOT_READ]
    # A space before each tag, so that the last word of a paragraph and the first of the next are two.
    return sum(len(strip_tags(text.replace("<", " <")).split()) for text in texts)


def json_for_script(value: Any) -> SafeString:
    """`value` as JSON that may stand between the tags of a script element: nothing in it can end the element."""
    return mark_safe(json.dumps(value, ensure_ascii=False).translate(JSON_ESCAPES))


def help_html(cleaned: str) -> SafeString:
    """A docs page that `content.help` has made and cleaned from a file of this repository."""
    return mark_safe(cleaned)


def sources_of(picture: dict[str, Any]) -> dict[str, str]:
    """`srcset` for each format, and `src` for a browser that knows neither."""
    digest, widths = picture["digest"], widths_of(picture["width"])
    sets = {
        file_format: ", ".join(f"{url_of(digest, width, file_format)} {width}w" for width in widths)
        for file_format in FORMATS
    }
    return sets | {"src": url_of(digest, widths[-1], "webp")}


def grouped(blocks: Iterable[dict[str, Any]]) -> Iterable[tuple[str, Iterable[dict[str, Any]]]]:
    """(type, blocks) in order; blocks of a grouped type that follow each other come together, others alone."""
    for type_, run in itertools.groupby(blocks, key=lambda block: block["type"]):
        if type_ in GROUPED:
            yield type_, run
        else:
            yield from ((type_, [block]) for block in run)
