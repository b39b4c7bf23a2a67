"""The checks of writing help: a frozen document → findings. Offline, without the database, and without raising."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from content.writing.document import Part, PlacedLink, Reading, read_document
from content.writing.findings import Finding, Severity, around, shortened
from content.writing.grade import reading_grade
from content.writing.rules import Rules, folded
from content.writing.sentences import sentences_of, words_of

# In how many words before a claim a negation takes it back.
NEGATION_REACH = 5
# How a link to a page begins, before its uid: see content.links.
PAGE = "page:"
_letters = re.compile(r"(?<!\w)[^\W\d_]{2,7}(?!\w)")
_around_words = re.compile(r"^\W+|\W+$")
_bare_address = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_other_site = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True)
class Destinations:
    """Where a document's links and buttons lead on this site: `pages` by what stands for their uids, which may be none,
    and `paths` as they were written."""

    pages: frozenset[str]
    paths: frozenset[str]


@dataclass(frozen=True)
class Context:
    """What links may lead to. `known_pages` and `live_pages`: uids. `live_paths`: paths that answer, with their last
    slash, the site's own (such as /admissions/) included."""

    known_pages: frozenset[str] = frozenset()
    live_pages: frozenset[str] = frozenset()
    live_paths: frozenset[str] = frozenset()


def check_document(
    document: Mapping[str, Any], *, rules: Rules, look_up: Callable[[Destinations], Context]
) -> list[Finding]:
    """What blocks publishing first, then advice, each in reading order. `rules`: those of the page's language.
    `look_up`: what there is of the destinations that `document` names, so that nobody has to list a whole site."""
    reading = read_document(document)
    context = look_up(_destinations(document, reading))
    findings = [
        *_headings(document, reading),
        *_images(document),
        *_links(reading, rules, context),
        *_targets(document, context),
        *_grade(reading, rules),
        *_long_sentences(reading, rules),
        *_acronyms(reading, rules),
        *_wording(reading, rules),
        *_claims(document, reading, rules),
    ]
    places = {str(block.get("uid", "")): place for place, block in enumerate(document.get("blocks") or [])}
    return sorted(
        findings, key=lambda found: (found.severity != Severity.BLOCKS, places.get(found.block_uid or "", -1))
    )


def page_grade(document: Mapping[str, Any], *, rules: Rules) -> int | None:
    """The reading grade to show beside a page; None if the page is too short or the language has no grade."""
    return _grade_of(read_document(document), rules)


# What blocks publishing


def _headings(document: Mapping[str, Any], reading: Reading) -> Iterator[Finding]:
    """A subheading without a heading above it leaves a hole in what screen readers list."""
    tables = {str(block.get("uid", "")) for block in _blocks(document, "levels_of_care")}
    level = 1
    for part in reading.parts:
        if part.block_uid in tables:
            level = 2
        elif part.block_uid is not None and part.level:
            if part.level > level + 1:
                message = _("This subheading has no heading above it. Make it a heading, or put one before it.")
                yield Finding(Severity.BLOCKS, "heading-order", message, part.block_uid, shortened(part.text))
            level = part.level


def _images(document: Mapping[str, Any]) -> Iterator[Finding]:
    for block in _blocks(document, "image"):
        if not str(block.get("alt") or "").strip() and not block.get("is_decorative"):
            message = _("Say what the picture shows, for people who cannot see it, or tick “only decoration”.")
            excerpt = shortened(str(block.get("caption") or ""))
            yield Finding(Severity.BLOCKS, "image-alt", message, str(block.get("uid", "")), excerpt)


def _destinations(document: Mapping[str, Any], reading: Reading) -> Destinations:
    hrefs = {placed.link.href for placed in reading.links}
    targets = {str(block["target"]) for block in document.get("blocks") or [] if block.get("target")}
    return Destinations(
        pages=frozenset(targets | {_uid_in(href) for href in hrefs if href.startswith(PAGE)}),
        paths=frozenset(_path_in(href) for href in hrefs if href.startswith("/")),
    )


def _uid_in(href: str) -> str:
    return _path_in(href.removeprefix(PAGE))


def _path_in(href: str) -> str:
    return re.split(r"[#?]", href)[0]


def _links(reading: Reading, rules: Rules, context: Context) -> Iterator[Finding]:
    for placed in reading.links:
        if finding := _destination(placed, context):
            yield finding
        if message := _link_text_message(placed.link.text, rules):
            excerpt = placed.link.text or placed.link.href
            yield Finding(Severity.ADVICE, "link-text", message, placed.block_uid, shortened(excerpt))
    for part in reading.parts:
        if part.field == "label" and (message := _link_text_message(part.text, rules)):
            yield Finding(Severity.ADVICE, "link-text", message, part.block_uid, shortened(part.text))


def _destination(placed: PlacedLink, context: Context) -> Finding | None:
    href, words = placed.link.href, {"text": placed.link.text, "href": placed.link.href}
    severity, rule = Severity.BLOCKS, "dead-link"
    if href.startswith(PAGE):
        uid = _uid_in(href)
        if uid in context.live_pages:
            return None
        if uid in context.known_pages:
            severity, rule = Severity.ADVICE, "link-not-live"
            message = _(
                "“%(text)s” links to a page that is not live: until it is, readers see the words without a link."
            )
        else:
            message = _("“%(text)s” links to a page that no longer exists. Choose another page, or take the link out.")
    elif href.startswith("#") or _other_site.match(href):
        return None
    elif not href:
        message = _("“%(text)s” is a link that leads nowhere. Give it an address, or take the link out.")
    elif not href.startswith("/"):
        message = _("“%(text)s” links to “%(href)s”, which is not a full address: begin it with https:// or with /.")
    else:
        if f"{_path_in(href).rstrip('/')}/" in context.live_paths:
            return None
        message = _("“%(text)s” links to %(href)s, where there is no live page. Correct the link, or take it out.")
    return Finding(severity, rule, message % words, placed.block_uid, shortened(placed.link.text or href))


def _targets(document: Mapping[str, Any], context: Context) -> Iterator[Finding]:
    for block in document.get("blocks") or []:
        target = block.get("target")
        if target and str(target) not in context.known_pages:
            message = _("The button leads to a page that no longer exists. Choose another page.")
            yield Finding(
                Severity.BLOCKS, "dead-link", message, str(block.get("uid", "")), str(block.get("label") or "")
            )


# Advice


def _link_text_message(text: str, rules: Rules) -> str:
    """What is wrong with it, or ""."""
    words = _around_words.sub("", folded(text))
    if not words:
        return _("This link has no words. Write what it leads to.")
    if _bare_address.fullmatch(text):
        return _("An address is hard to read, and to hear. Write in words what the link leads to.")
    if words in rules.link_texts:
        return _("“%(text)s” does not say where the link leads. Use words that make sense by themselves.") % {
            "text": text
        }
    return ""


def _grade_of(reading: Reading, rules: Rules) -> int | None:
    if rules.grade_limit is None:
        return None
    prose = [part.text for part in reading.parts if part.is_prose]
    return reading_grade([one for text in prose for one in sentences_of(text, abbreviations=rules.abbreviations)])


def _grade(reading: Reading, rules: Rules) -> Iterator[Finding]:
    grade = _grade_of(reading, rules)
    if grade is not None and rules.grade_limit is not None and grade > rules.grade_limit:
        message = _(
            "The page reads like school grade %(grade)s."
            " Shorter sentences and shorter words bring it to %(limit)s or below."
        ) % {"grade": grade, "limit": rules.grade_limit}
        yield Finding(Severity.ADVICE, "grade", message)


def _long_sentences(reading: Reading, rules: Rules) -> Iterator[Finding]:
    for part in reading.parts:
        if part.field == "description":
            continue  # A line for search engines: its length is limited already.
        for sentence in sentences_of(part.text, abbreviations=rules.abbreviations):
            if (count := len(words_of(sentence))) > rules.sentence_limit:
                message = _("This sentence has %(count)s words. Split it: up to %(limit)s are easy to follow.") % {
                    "count": count,
                    "limit": rules.sentence_limit,
                }
                yield Finding(Severity.ADVICE, "long-sentence", message, part.block_uid, shortened(sentence))


def _acronyms(reading: Reading, rules: Rules) -> Iterator[Finding]:
    """Each once, where it first stands; explained anywhere on the page is enough."""
    page = "\n".join(part.text for part in reading.parts)
    seen = set(rules.acronyms)
    for part in reading.parts:
        if part.text.isupper() and " " in part.text:
            continue
        for match in _letters.finditer(part.text):
            acronym = match[0].removesuffix("s")
            if not (2 <= len(acronym) <= 6 and acronym.isupper()) or acronym in seen:
                continue
            seen.add(acronym)
            if not _is_explained(acronym, page, reading):
                message = _(
                    "“%(acronym)s” is not explained on this page. Write it out once: “long form (%(acronym)s)”."
                ) % {"acronym": acronym}
                yield Finding(Severity.ADVICE, "acronym", message, part.block_uid, around(part.text, *match.span()))


def _is_explained(acronym: str, page: str, reading: Reading) -> bool:
    """“long form (ABC)”, “ABC (long form)”, or a list's term ABC. A long form is words with small letters."""
    after = re.search(rf"[^\W\d_A-Z]\W? \({acronym}s?[,;)]", page)
    before = re.search(rf"(?<!\w){acronym}s? \([^()\n]*[^\W\d_A-Z]{{2}}[^()\n]*\)", page)
    return bool(after or before) or any(part.field == "term" and part.text == acronym for part in reading.parts)


def _wording(reading: Reading, rules: Rules) -> Iterator[Finding]:
    for part in reading.parts:
        for found in rules.wording.matches(part.text):
            words = {"phrase": part.text[found.start : found.end], "suggestion": found.suggestion}
            message = _("“%(phrase)s” can hurt or mislead a reader. Better: %(suggestion)s.") % words
            yield Finding(
                Severity.ADVICE, "wording", message, part.block_uid, around(part.text, found.start, found.end)
            )


def _claims(document: Mapping[str, Any], reading: Reading, rules: Rules) -> Iterator[Finding]:
    if _blocks(document, "reference"):
        return
    for part in reading.parts:
        for sentence in sentences_of(part.text, abbreviations=rules.abbreviations):
            for found in rules.claims.matches(sentence):
                if not _is_taken_back(sentence[: found.start], rules):
                    yield _claim(sentence, found.start, found.end, part)


def _is_taken_back(before: str, rules: Rules) -> bool:
    reach = " ".join(before.split()[-NEGATION_REACH:])
    return any(True for _match in rules.negations.matches(reach))


def _claim(sentence: str, start: int, end: int, part: Part) -> Finding:
    message = _("“%(phrase)s” claims something, and the page lists no reference. Add one, or say it without this word.")
    message %= {"phrase": sentence[start:end]}
    return Finding(Severity.ADVICE, "claim", message, part.block_uid, around(sentence, start, end))


def _blocks(document: Mapping[str, Any], type_: str) -> list[Mapping[str, Any]]:
    return [block for block in document.get("blocks") or [] if block.get("type") == type_]
