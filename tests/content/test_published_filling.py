"""Every live page has its copy on disk, also one that nobody has opened yet; and making them is work for idle hours."""

from __future__ import annotations

import fcntl
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import QuerySet

from content.models import Page
from content.published import filling as filling_module
from content.published.copies import Copies
from content.published.filling import Filling
from content.published.moment import Moment
from content.published.proof import Proof
from content.publishing import publish
from tests.content.factories import make_live_page, make_site_settings
from tests.content.visiting import Visitor, connection_left_open

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling_module, "MOST_WORK", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    make_site_settings()
    for slug in ("home", "teens", "families"):
        make_live_page(slug=slug)
    visitor = Visitor(folder)
    visitor.look()
    return visitor


def fill(visitor: Visitor) -> int:
    """As the thread does; how many pages were rendered for it."""
    visitor.django.entered = 0
    visitor.layer.filling.moment = visitor.watch.moment
    with connection_left_open():
        visitor.layer.filling.fill()
    visitor.copies.finish()
    return visitor.django.entered


def copies(visitor: Visitor) -> int:
    return len(list(visitor.copies.folder.glob("*.page")))


def test_after_a_start_without_the_database_a_page_that_nobody_had_opened_is_there(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(visitor)
    started = Visitor(folder)
    monkeypatch.setattr(QuerySet, "_fetch_all", refuse)
    started.watch._lose("OperationalError")
    assert started.get("/teens/").status == 200


def refuse(*args: object) -> None:
    raise OperationalError("the words of a database")


def test_what_has_a_copy_is_not_made_again(visitor: Visitor) -> None:
    visitor.get("/teens/")
    visitor.copies.finish()
    assert [fill(visitor), fill(visitor)] == [2, 0]
    assert len(visitor.layer.memory) == 1


def test_what_is_published_later_is_made_then(visitor: Visitor) -> None:
    fill(visitor)
    publish(page=Page.objects.get(slug="teens"), by=None)
    make_live_page(slug="friends")
    make_live_page(slug="private", can_leave_quickly=True)
    visitor.look()
    assert fill(visitor) == 1
    assert copies(visitor) == 4


def test_a_copy_learns_that_its_page_will_end(visitor: Visitor) -> None:
    fill(visitor)
    publish(page=Page.objects.get(slug="teens"), by=None, starts_at=datetime.now(UTC) + timedelta(hours=1))
    visitor.look()
    assert fill(visitor) == 1
    assert fill(visitor) == 0


def test_of_two_processes_one_is_at_it(visitor: Visitor, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    other = os.open(folder, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert fill(visitor) == 0
    os.close(other)
    assert fill(visitor) == 3


def test_no_page_that_was_read_goes_for_one_that_was_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling_module, "FULL_AT", 0.5)
    make_site_settings()
    for number in range(6):
        make_live_page(slug=f"page-{number}")
    visitor = Visitor(folder, most_bytes=30_000)
    visitor.look()
    assert visitor.get("/page-5/").status == 200
    visitor.copies.finish()
    read = set(folder.glob("*.page"))
    fill(visitor)
    assert read < set(folder.glob("*.page"))
    assert fill(visitor) == 0


def test_nothing_is_made_while_the_database_is_away(visitor: Visitor) -> None:
    visitor.watch._lose("OperationalError")
    with pytest.raises(OperationalError):
        fill(visitor)
    assert visitor.django.entered == 0


def filling(folder: Path, make_copy: Any) -> Filling:
    """Of two pages, and without a thread before it begins."""
    found = Filling(Copies(folder, 1000), make_copy)
    found.moment = Moment("", 0.0, knowing={"proofs": {path: Proof(path, 0.0) for path in ("/a/", "/b/")}})
    return found


def test_it_ends_when_another_moment_has_begun(folder: Path) -> None:
    made = []

    def make_copy(path: str, proof: Proof, moment: Moment) -> int:
        made.append(path)
        worker.is_due.set()
        return 0

    worker = filling(folder, make_copy)
    worker.fill()
    assert made == ["/a/"]


def test_each_moment_that_visitors_are_shown_is_handed_on_to_it(visitor: Visitor) -> None:
    # As if there were a thread, which in a test would have another database.
    visitor.layer.filling._thread = threading.current_thread()
    visitor.watch.afterwards(visitor.watch.moment)
    assert visitor.layer.filling.moment is visitor.watch.moment
    assert visitor.layer.filling.is_due.is_set()


def test_its_thread_works_once_a_moment_and_tries_again_where_that_failed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling_module, "LOOK_AGAIN_SECONDS", 0.001)
    problems = [OperationalError("away"), ValueError("a mistake of ours")]
    done = threading.Semaphore(0)
    made = []

    def make_copy(path: str, proof: Proof, moment: Moment) -> int:
        if problems:
            raise problems.pop()
        made.append(path)
        done.release()
        return 0

    worker = filling(folder, make_copy)
    moment, worker.moment = worker.moment, None
    worker.begin(moment)
    for _page in range(2):
        assert done.acquire(timeout=10)
    worker.begin(moment)
    worker.begin(Moment("", 0.0, knowing={"proofs": {"/c/": Proof("/c/", 0.0)}}))
    assert done.acquire(timeout=10)
    assert made == ["/a/", "/b/", "/c/"]


def test_it_rests_nine_times_as_long_as_it_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling_module, "MOST_WORK", 1 / 10)
    clock = iter((100.0, 102.0, 200.0, 200.5))
    monkeypatch.setattr(filling_module.time, "monotonic", lambda: next(clock))
    worker, rests = filling(folder, lambda *args: 0), []
    monkeypatch.setattr(worker.is_due, "wait", rests.append)
    worker.fill()
    assert rests == [18.0, 4.5]
