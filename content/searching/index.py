"""Writes what search looks in, for the versions that are live or will be: in the transaction that publishes them, and
as a whole by `manage.py rebuild_search`. Visitors' requests write nothing."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from content.documents import Document, upgraded
from content.models import Page, PageVersion, Publication, SearchEntry, SearchTrigram
from content.searching.distance import SHORTEST, trigrams
from content.searching.reading import entry_of, vocabulary_of
from content.searching.words import READING
from iop_site.progress import Bar, no_bar

ROWS_AT_ONCE = 2000


def wanted(page: Page | None = None) -> QuerySet[PageVersion]:
    """Versions that visitors read, or will: of one page, or of all. What was replaced never comes back by itself.

    One page is asked for within, not picked from the answer: databases work out the whole of what follows an IN.
    """
    only = {"page": page} if page else {}
    publications = Publication.objects.filter(**only)
    upcoming = publications.upcoming().filter(version__isnull=False)
    return PageVersion.objects.filter(
        Q(pk__in=publications.live().values("version")) | Q(pk__in=upcoming.values("version")), **only
    )


def lacking(page: Page | None = None) -> QuerySet[PageVersion]:
    return wanted(page).exclude(search_entry__reading=READING)


def unneeded(page: Page | None = None) -> QuerySet[SearchEntry]:
    entries = SearchEntry.objects.filter(version__page=page) if page else SearchEntry.objects.all()
    return entries.exclude(version__in=wanted(page))


@transaction.atomic
def bring_up_to_date(page: Page) -> None:
    """Entries for exactly those versions of `page` that are live or will be. Its row is locked by whoever calls."""
    for version in lacking(page):
        document = upgraded(version.document)
        SearchEntry.objects.update_or_create(version=version, defaults=entry_of(document) | {"reading": READING})
        _add_words(document)
    unneeded(page).delete()


def _add_words(document: Document) -> None:
    """The words of `document` that the site did not have yet. One that no page has any more is left: it is asked for at
    each search whether a live page has it."""
    language = document["language"]
    new = {word for word in vocabulary_of(document) if len(word) >= SHORTEST and not word.isdigit()}
    known = SearchTrigram.objects.filter(language=language, word__in=new)
    new -= set(known.values_list("word", flat=True).distinct())
    rows = [
        SearchTrigram(language=language, word=word, trigram=trigram)
        for word in sorted(new)
        for trigram in sorted(trigrams(word))
    ]
    # Another page that is published at the same moment may bring the same words.
    SearchTrigram.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)


def rebuild(*, again: bool = False, bar: Bar = no_bar) -> int:
    """Make what is lacking or was made by an older release, take away what nobody needs; returns the number of pages
    gone through. `again`: make all of it anew.

    Page by page, each in its own transaction: stopped halfway, what is done is done, and the next run does the rest.
    Meanwhile search goes on with what is there.
    """
    if again:
        with transaction.atomic():
            SearchEntry.objects.update(reading=0)
            SearchTrigram.objects.all().delete()
    pages = {*lacking().values_list("page", flat=True), *unneeded().values_list("version__page", flat=True)}
    with bar(total=len(pages), label="Making the search index", unit=" pages") as step:
        for key in sorted(pages):
            with transaction.atomic():
                bring_up_to_date(Page.objects.select_for_update().get(pk=key))
            step(1)
    return len(pages)
