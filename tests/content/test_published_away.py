"""While the database is away: what was live last, from memory, and after a start from disk."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.models import QuerySet
from time_machine import TimeMachineFixture

from content.publishing import publish, take_down
from tests.content.desk import sign
from tests.content.factories import make_live_page, make_site_settings
from tests.content.visiting import Visitor

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    make_site_settings()
    make_live_page(slug="home", title="Welcome")
    make_live_page(slug="teens", title="Teens")
    visitor = Visitor(folder)
    visitor.look()
    return visitor


def read(visitor: Visitor, *paths: str) -> None:
    """Have them in memory and on disk."""
    for path in paths:
        assert visitor.get(path).status == 200
    visitor.copies.finish()


def copies(visitor: Visitor) -> list[Path]:
    visitor.copies.finish()
    return sorted(visitor.copies.folder.glob("*.page"))


def lose(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query fails from now on, and the thread has noticed."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("the words of a database")

    monkeypatch.setattr(QuerySet, "_fetch_all", refuse)
    visitor.watch._lose("OperationalError")


# --- From memory ----------------------------------------------------------------------------------------------------


def test_what_is_in_memory_is_read_on(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    read(visitor, "/", "/teens/")
    lose(visitor, monkeypatch)
    visitor.django.entered = 0
    assert "Teens" in visitor.get("/teens/").text
    assert visitor.django.entered == 0


def test_what_was_never_read_says_so_with_a_503_and_the_crisis_line(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(visitor, monkeypatch)
    seen = visitor.get("/teens/")
    assert (seen.status, seen.headers["Cache-Control"]) == (503, "no-store")
    assert "988" in seen.text
    assert "617" in seen.text


def test_the_form_is_there_all_the_same(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    read(visitor, "/admissions/")
    lose(visitor, monkeypatch)
    seen = visitor.get("/admissions/")
    assert seen.status == 200
    assert "Send to Admissions" in seen.text


def test_what_is_published_when_it_is_back_is_read_at_the_next_look(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(visitor, "/teens/")
    with monkeypatch.context() as patch:
        lose(visitor, patch)
        visitor.get("/teens/")
    make_live_page(slug="families", title="Families")
    visitor.look()
    assert not visitor.watch.is_away
    assert visitor.get("/families/").status == 200


def test_after_an_outage_a_thread_opens_its_connection_anew_once(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/crisis/")
    assert visitor.connections_closed == 0
    for outage in (1, 2):
        with monkeypatch.context() as patch:
            lose(visitor, patch)
        visitor.look()
        for _time in range(2):
            visitor.get("/crisis/")
        assert visitor.connections_closed == outage


def test_a_page_still_ends_when_that_was_known_before(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    page = make_live_page(slug="summer")
    publish(page=page, by=None, starts_at=NOW + timedelta(minutes=1), ends_at=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(minutes=2), tick=False)
    visitor.look()
    read(visitor, "/summer/")
    lose(visitor, monkeypatch)
    time_machine.move_to(NOW + timedelta(minutes=59), tick=False)
    assert visitor.get("/summer/").status == 200
    time_machine.move_to(NOW + timedelta(minutes=60), tick=False)
    assert visitor.get("/summer/").status == 503


def test_no_badge_outlasts_its_review(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    page = make_live_page(slug="summer")
    sign(page.publications.get().version, due_on=NOW.date() + timedelta(days=1))
    visitor.look()
    read(visitor, "/summer/")
    lose(visitor, monkeypatch)
    seen = []
    for hours in (35.99, 36):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        seen.append("Clinically reviewed" in visitor.get("/summer/").text)
    assert seen == [True, False]


# --- After a start, from disk ---------------------------------------------------------------------------------------


def test_after_a_start_the_last_good_copies_are_read(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(visitor, "/", "/teens/")
    before = visitor.get("/teens/", HTTP_ACCEPT_ENCODING="gzip")
    started = Visitor(folder)
    lose(started, monkeypatch)
    assert [started.get("/teens/", HTTP_ACCEPT_ENCODING="gzip") for _time in range(2)] == [before] * 2
    assert started.get("/").status == 200
    assert started.django.entered == 0


def test_only_live_pages_that_everybody_may_have_are_copied(visitor: Visitor) -> None:
    make_live_page(slug="private", can_leave_quickly=True)
    visitor.look()
    paths = ("/private/", "/admissions/", "/search/?q=teens", "/teens/?days=3", "/sitemap.xml", "/crisis/", "/feed/")
    read(visitor, *paths)
    assert copies(visitor) == []
    read(visitor, "/teens/")
    assert len(copies(visitor)) == 1


def test_the_copies_are_for_this_user_alone_and_whole(visitor: Visitor) -> None:
    read(visitor, "/teens/")
    [path] = copies(visitor)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert b"</html>" in path.read_bytes()


@pytest.mark.parametrize("change", ["taken down", "rewritten", "signed"])
def test_a_copy_of_what_is_live_no_more_goes(visitor: Visitor, change: str) -> None:
    page = make_live_page(slug="summer", title="Summer")
    visitor.look()
    read(visitor, "/summer/", "/teens/")
    if change == "taken down":
        take_down(page=page, by=None)
    elif change == "rewritten":
        page.title = "Summer again"
        page.save()
        publish(page=page, by=None)
    else:
        sign(page.publications.get().version)
    visitor.look()
    assert len(copies(visitor)) == 1


def test_another_process_removes_what_this_one_wrote(visitor: Visitor, folder: Path) -> None:
    page = make_live_page(slug="summer", title="Summer")
    visitor.look()
    read(visitor, "/summer/")
    take_down(page=page, by=None)
    other = Visitor(folder)
    other.look()
    assert copies(other) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"[]\n", b"{}\nbody", b"\xff\xfe\n\x00"])
def test_a_broken_copy_is_none(visitor: Visitor, folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read(visitor, "/teens/")
    [path] = copies(visitor)
    path.write_bytes(content)
    started = Visitor(folder)
    lose(started, monkeypatch)
    assert started.get("/teens/").status == 503


def test_a_copy_that_was_cut_off_is_none(visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(visitor, "/teens/")
    [path] = copies(visitor)
    path.write_bytes(path.read_bytes()[:-10])
    started = Visitor(folder)
    lose(started, monkeypatch)
    assert started.get("/teens/").status == 503


def test_a_copy_ends_as_its_page_does(visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(visitor, "/teens/")
    [path] = copies(visitor)
    head, _, body = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps(json.loads(head) | {"ends": 1.0}).encode() + b"\n" + body)
    started = Visitor(folder)
    lose(started, monkeypatch)
    assert started.get("/teens/").status == 503


def test_the_folder_is_bounded_and_the_oldest_copies_go(folder: Path) -> None:
    make_site_settings()
    visitor = Visitor(folder, most_bytes=30_000)
    for number in range(6):
        make_live_page(slug=f"page-{number}")
    visitor.look()
    read(visitor, *(f"/page-{number}/" for number in range(6)))
    sizes = [path.stat().st_size for path in copies(visitor)]
    assert 0 < sum(sizes) <= 30_000
    assert len(sizes) < 6


def test_a_file_that_goes_while_the_folder_is_measured_does_no_harm(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process finishes one, or removes one, at any time."""
    read(visitor, "/", "/teens/")
    going, _staying = copies(visitor)
    files = visitor.copies._files()
    going.unlink()
    monkeypatch.setattr(visitor.copies, "_files", lambda: files)
    assert 0 < visitor.copies.bytes() < 2 * max(path.stat().st_size for path in copies(visitor))


def test_where_nothing_can_be_written_pages_are_read_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_site_settings()
    make_live_page(slug="teens")
    (tmp_path / "file").touch()
    visitor = Visitor(tmp_path / "file" / "published")
    visitor.look()
    assert visitor.get("/teens/").status == 200
    visitor.copies.finish()
    assert "Copies of pages cannot be kept" in caplog.text
