"""A file a sealed enquiry, on disk for good before anybody is told so."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions import spool
from admissions.spool import SpoolBroken, SpoolFull, SpoolTooNew, SpoolUnwritable, Waiting

WAITING = Waiting(
    reference="23456789",
    idempotency_key="a" * 64,
    content_digest="b" * 64,
    received_at=datetime(2027, 3, 1, 17, 0, 0, 123456, tzinfo=UTC),
    respond_by_at=datetime(2027, 3, 1, 21, tzinfo=UTC),
    level_of_care=3,
    age_band="teen",
    language="es",
    is_urgent=False,
    is_quarantined=False,
    is_synthetic=False,
    call_at=None,
    sealed=b"age-encryption.org/v1\n\x00\xff",
)


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_what_is_kept_is_read_as_it_was(data_dir: Path) -> None:
    spool.keep(WAITING)
    [path] = spool.files()
    assert spool.read(path) == WAITING
    assert list((data_dir / "spool").iterdir()) == [path]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_enquiry_without_a_level_or_a_promise_is_kept_too() -> None:
    bare = replace(WAITING, level_of_care=None, respond_by_at=None)
    spool.keep(bare)
    assert [spool.read(path) for path in spool.files()] == [bare]


def test_the_same_again_is_the_same_file_and_other_words_are_another() -> None:
    changed = replace(WAITING, content_digest="c" * 64, received_at=WAITING.received_at + timedelta(seconds=1))
    for waiting in (WAITING, replace(WAITING, sealed=b"sealed once more"), changed):
        spool.keep(waiting)
    assert [spool.read(path).content_digest[0] for path in spool.files()] == ["b", "c"]
    assert spool.read(spool.files()[0]).sealed == WAITING.sealed


def test_words_that_are_sent_again_after_others_are_the_last_again() -> None:
    other = replace(WAITING, content_digest="c" * 64)
    for hour, (waiting, is_held) in enumerate([(WAITING, False), (other, False), (WAITING, False), (WAITING, True)]):
        assert spool.holds(waiting) == is_held
        spool.keep(replace(waiting, received_at=WAITING.received_at + timedelta(hours=hour)))
    kept = sorted((waiting.received_at.hour, waiting.content_digest[0]) for waiting in map(spool.read, spool.files()))
    assert kept == [(17, "b"), (18, "c"), (19, "b")]


def test_a_flood_ends_and_somebody_in_danger_is_taken_in_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_FILES", 1)
    monkeypatch.setattr(spool, "MOST_FILES_FOR_URGENT", 2)
    second, third = (replace(WAITING, idempotency_key=key * 64) for key in "de")
    spool.keep(WAITING)
    # What was confirmed once is confirmed again.
    spool.keep(WAITING)
    with pytest.raises(SpoolFull):
        spool.keep(second)
    spool.keep(replace(second, is_urgent=True))
    with pytest.raises(SpoolFull):
        spool.keep(replace(third, is_urgent=True))
    assert len(spool.files()) == 2


def test_many_at_once_make_one_file(data_dir: Path) -> None:
    threads = [threading.Thread(target=spool.keep, args=[WAITING]) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((data_dir / "spool").iterdir())) == 1


def test_it_is_synced_before_it_has_its_name_and_its_folder_after(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    sync, link = os.fsync, os.link

    def synced(descriptor: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        sync(descriptor)

    def linked(*args: Any) -> None:
        done.append("named")
        link(*args)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    spool.keep(WAITING)
    assert done == ["file", "named", "folder", "folder"]


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_refuses_keeps_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path, call: str
) -> None:
    def refuse(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(SpoolUnwritable, match="No space left"):
        spool.keep(WAITING)
    assert list((data_dir / "spool").iterdir()) == []


def test_what_was_being_written_by_somebody_killed_is_removed_once_nobody_can_be_at_it(data_dir: Path) -> None:
    spool.keep(WAITING)
    old, new = (data_dir / "spool" / f"{name}{spool.UNFINISHED}" for name in ("old", "new"))
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    spool.remove_unfinished()
    assert not old.exists()
    assert new.exists()
    assert len(spool.files()) == 1


def test_where_there_is_no_spool_nothing_waits() -> None:
    spool.remove_unfinished()
    assert spool.files() == spool.broken() == []


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode)
)
def test_a_file_that_is_no_enquiry_is_broken(content: bytes) -> None:
    path = spool.folder() / f"some{spool.SUFFIX}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(SpoolBroken):
        spool.read(path)


@pytest.mark.parametrize(
    "change",
    [{"format": 0}, {"format": "2"}, {"sealed": "not base64!"}, {"received_at": "soon"}, {"received_at": None}],
)
def test_a_file_of_another_shape_is_broken(change: dict[str, Any]) -> None:
    path = kept_with(change)
    with pytest.raises(SpoolBroken):
        spool.read(path)


@pytest.mark.parametrize("change", [{"format": 3}, {"is_of_tomorrow": True}])
def test_a_file_of_a_later_release_is_not_broken(change: dict[str, Any]) -> None:
    path = kept_with(change)
    with pytest.raises(SpoolTooNew):
        spool.read(path)


def test_a_file_of_the_first_release_is_read() -> None:
    path = kept_with({"format": 1}, without=("is_urgent", "is_quarantined", "is_synthetic", "call_at"))
    assert spool.read(path) == WAITING


def kept_with(change: dict[str, Any], without: tuple[str, ...] = ()) -> Path:
    spool.keep(WAITING)
    [path] = spool.files()
    written = json.loads(path.read_text()) | change
    path.write_text(json.dumps({name: value for name, value in written.items() if name not in without}))
    return path


def test_a_disk_that_does_not_let_it_be_read_now_makes_nothing_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    spool.keep(WAITING)
    [path] = spool.files()

    def refuse(path: Path) -> bytes:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(OSError, match="Too many open files"):
            spool.read(path)
    assert spool.read(path) == WAITING


def test_what_was_put_aside_can_be_taken_back_and_replaces_nothing() -> None:
    spool.keep(WAITING)
    [path] = spool.files()
    spool.put_aside(path)
    assert (spool.take_back(), spool.files(), spool.broken()) == (1, [path], [])
    path.with_suffix(spool.BROKEN).write_bytes(b"half a f")
    assert (spool.take_back(), len(spool.broken())) == (0, 1)
    assert spool.read(path) == WAITING


def test_a_file_that_lost_its_end_is_broken_and_can_be_put_aside() -> None:
    spool.keep(WAITING)
    [path] = spool.files()
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(SpoolBroken):
        spool.read(path)
    spool.put_aside(path)
    assert (spool.files(), len(spool.broken())) == ([], 1)


def test_what_somebody_else_took_out_is_no_fault() -> None:
    spool.keep(WAITING)
    [path] = spool.files()
    for _time in range(2):
        spool.take_out(path)
        spool.put_aside(path)
    with pytest.raises(FileNotFoundError):
        spool.read(path)
