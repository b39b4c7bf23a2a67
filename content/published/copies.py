"""Copies: the last good copy of each page on disk, and of what they share, for a start while the database is away.

A page's file is a line of JSON and the page's body. Only pages that are live and that everybody may have are written,
and as soon as a process knows that one is not live any more, its file goes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import queue
import tempfile
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from content.published.kept import KeptPage

logger = logging.getLogger(__name__)
SUFFIX = ".page"
UNFINISHED = ".writing"
# The folder is measured again when this part of what it may hold has been written.
MEASURE_AFTER = 1 / 20


class Copies:
    """In `folder`, which processes share; about `most_bytes` in all. A thread of its own does the writing."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()
        self._files_due: dict[str, Callable[[], bytes]] = {}
        # What tells apart all that this process has written, by file name, and how much that was since it measured.
        self._written: dict[str, str] = {}
        self._unmeasured = most_bytes

    # --- What others ask for ------------------------------------------------------------------------------------------

    def put(self, key: tuple[str, ...], page: KeptPage) -> None:
        """Soon, and not at all where it cannot be written."""
        self._do(lambda: self._write(_name(key), page))

    def put_file(self, name: str, make: Callable[[], bytes]) -> None:
        """Soon: what `make` gives, as the file `name`, unless this process wrote just that last. Of several that wait,
        the last one alone is made."""
        self._files_due[name] = make
        self._do(lambda: self._write_file(name))

    def leave_only(self, proofs: Collection[str]) -> None:
        """Soon: remove each copy that shows something else than one of these."""
        self._do(lambda: self._remove_all_but(proofs))

    def get(self, key: tuple[str, ...]) -> KeptPage | None:
        """Its copy, of no moment; None where there is none that can be read whole."""
        try:
            with self._path(key).open("rb") as file:
                head, body = json.loads(file.readline()), file.read()
            if hashlib.sha256(body).hexdigest() != head["sha256"]:
                return None
            headers = [(name, value) for name, value in head["headers"]]
            return KeptPage(None, headers, body, proof=head["proof"], ends=float(head["ends"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def shows(self, key: tuple[str, ...], proof: str, ends: float) -> bool:
        """Whether there is a copy with these."""
        head = _head_of(self._path(key))
        return (head.get("proof"), head.get("ends")) == (proof, ends)

    def bytes(self) -> int:
        """What all copies take on the disk."""
        return sum(size for _at, size, _name in self._measured())

    def finish(self) -> None:
        """Wait until everything that was asked for is done."""
        done = threading.Event()
        self._do(done.set)
        done.wait()

    # --- The thread ---------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], None]) -> None:
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work_for_ever, name="copies", daemon=True)
                self._thread.start()
        self._work.put(work)

    def _work_for_ever(self) -> None:
        while True:
            work = self._work.get()
            try:
                work()
            except OSError as error:
                logger.error("Copies of pages cannot be kept in %s (%s).", self.folder, error.strerror)

    def _write(self, name: str, page: KeptPage) -> None:
        written = f"{page.digest} {page.ends}"
        if self._written.get(name) == written:
            return
        content = _as_bytes(page)
        self._replace(name, content)
        self._written[name] = written
        self._unmeasured += len(content)
        if self._unmeasured > self.most_bytes * MEASURE_AFTER:
            self._remove_surplus()
            self._unmeasured = 0

    def _write_file(self, name: str) -> None:
        make = self._files_due.pop(name, None)
        if make is None:
            return
        content = make()
        digest = hashlib.sha256(content).hexdigest()
        if self._written.get(name) != digest:
            self._replace(name, content)
            self._written[name] = digest

    def _replace(self, name: str, content: bytes) -> None:
        """Whole at every moment, however many processes do it at once."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=UNFINISHED, delete=False) as file:
            file.write(content)
        os.replace(file.name, self.folder / name)

    def _remove_surplus(self) -> None:
        """The oldest go, and with them what a process that was killed had not finished."""
        files = sorted(self._measured())
        total = sum(size for _at, size, _name in files)
        for _at, size, name in files:
            if total <= self.most_bytes:
                break
            self._remove(name)
            total -= size

    def _remove_all_but(self, proofs: Collection[str]) -> None:
        for entry in self._files():
            if entry.name.endswith(SUFFIX) and str(_head_of(Path(entry.path)).get("proof")) not in proofs:
                self._remove(entry.name)

    def _remove(self, name: str) -> None:
        self._written.pop(name, None)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.folder / name)

    def _measured(self) -> list[tuple[float, int, str]]:
        """When each file was written, its bytes and its name; without those that are gone meanwhile, because they were
        finished or another process removed them."""
        found = []
        for entry in self._files():
            with contextlib.suppress(FileNotFoundError):
                stat = entry.stat()
                found.append((stat.st_mtime, stat.st_size, entry.name))
        return found

    def _path(self, key: tuple[str, ...]) -> Path:
        return self.folder / _name(key)

    def _files(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.folder) as entries:
                return [entry for entry in entries if entry.name.endswith((SUFFIX, UNFINISHED))]
        except FileNotFoundError:
            return []


def _name(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(key).encode("utf-8", "surrogateescape")).hexdigest()[:40] + SUFFIX


def _as_bytes(page: KeptPage) -> bytes:
    body = page.body
    head: dict[str, Any] = {
        "headers": page.headers,
        "proof": page.proof,
        "ends": page.ends,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return b"".join([json.dumps(head).encode(), b"\n", body])


def _head_of(path: Path) -> dict[str, Any]:
    """Empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
    except (OSError, ValueError):
        return {}
    return head if isinstance(head, dict) else {}
