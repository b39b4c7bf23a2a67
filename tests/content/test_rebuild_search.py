"""`manage.py rebuild_search`, and the index after an upgrade, an import or a stop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.models import Page, SearchEntry, SearchTrigram
from content.publishing import take_down
from content.searching import engine, index, words
from content.transfer.importing import import_site
from iop_site.launch import preparation
from tests.content.factories import make_live_page
from tests.content.transferring import export_full_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages() -> list[Page]:
    return [make_live_page(title=f"Lantern {number}") for number in range(3)]


def found(word: str) -> int:
    versions = index.wanted().values_list("pk", flat=True)
    return len(engine.matches([[word]], versions, every=True))


def contents() -> tuple[list[dict[str, object]], set[tuple[str, str]]]:
    fields = ("version", "reading", "title", "summary", "headings", "body", "sections", "tables")
    return list(SearchEntry.objects.order_by("version").values(*fields)), set(
        SearchTrigram.objects.values_list("word", "trigram")
    )


def test_an_index_in_order_is_left_alone(pages: list[Page], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_search")
    assert "in order already" in capsys.readouterr().out


def test_what_is_lacking_is_made(pages: list[Page], capsys: pytest.CaptureFixture[str]) -> None:
    before = contents()
    SearchEntry.objects.filter(version__page=pages[0]).delete()
    SearchTrigram.objects.all().delete()
    assert found("lantern") == 2
    call_command("rebuild_search")
    assert "Went through 1 pages." in capsys.readouterr().out
    assert found("lantern") == 3
    assert contents()[0] == before[0]


def test_all_of_it_is_made_anew_when_asked(pages: list[Page]) -> None:
    before = contents()
    SearchEntry.objects.update(title="thimble", sections=[])
    assert found("thimbl") == 0
    assert found("thimble") == 3
    call_command("rebuild_search", again=True)
    assert contents() == before
    assert found("thimble") == 0


def test_what_an_older_release_made_is_made_anew(pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "READING", words.READING + 1)
    SearchEntry.objects.update(title="thimble")
    assert index.rebuild() == 3
    assert found("thimble") == 0
    assert index.rebuild() == 0


def test_a_stop_loses_nothing_and_the_next_run_does_the_rest(
    pages: list[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, make, made = contents(), index.bring_up_to_date, []

    def stopped(page: Page) -> None:
        make(page)
        made.append(page)
        if len(made) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(index, "bring_up_to_date", stopped)
    with pytest.raises(CommandError, match="Stopped") as caught:
        call_command("rebuild_search", again=True)
    assert caught.value.returncode == 130
    # What was there can be searched meanwhile, and the page in which it was stopped is not half done.
    assert found("lantern") == 3
    assert SearchEntry.objects.filter(reading=0).count() == 2
    monkeypatch.setattr(index, "bring_up_to_date", make)
    assert index.rebuild() == 2
    assert contents() == before


def test_publishing_asks_about_the_page_alone_what_the_index_needs(pages: list[Page]) -> None:
    with CaptureQueriesContext(connection) as queries:
        index.bring_up_to_date(pages[0])
    asked = [query["sql"] for query in queries if "content_publication" in query["sql"]]
    # The versions (and, to take away, the entries), what is live, and what is to come: each of this page.
    assert [len(re.findall(rf'"page_id" = {pages[0].pk}\b', sql)) for sql in asked] == [3, 4]


def test_what_nobody_needs_is_taken_away(pages: list[Page]) -> None:
    take_down(page=pages[0], by=None)
    assert index.rebuild() == 1
    assert not SearchEntry.objects.filter(version__page=pages[0]).exists()
    assert found("lantern") == 2


def test_a_site_that_starts_makes_what_is_lacking(pages: list[Page], capsys: pytest.CaptureFixture[str]) -> None:
    SearchEntry.objects.all().delete()
    preparation.fill_search_index()
    preparation.fill_search_index()
    assert capsys.readouterr().out.count("Made the search index") == 1
    assert found("lantern") == 3


def test_an_import_makes_it(tmp_path: Path) -> None:
    path = export_full_site(tmp_path / "site.zip")
    assert not SearchEntry.objects.exists()
    import_site(path)
    assert set(SearchEntry.objects.values_list("version", flat=True)) == set(
        index.wanted().values_list("pk", flat=True)
    )
    assert SearchEntry.objects.exists()
    assert SearchTrigram.objects.exists()


def test_an_index_that_lost_its_triggers_is_made_whole_again(pages: list[Page]) -> None:
    """As a migration that rebuilds the table of SQLite would leave it; PostgreSQL's cannot come apart."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER content_searchtext_change")
    SearchEntry.objects.update(title="thimble")
    engine.install()
    assert found("thimble") == 3
    assert found("zzz") == 0
