"""Folders that this machine lets us write, used by one process at a time.

Standard library alone: deploy/bootstrap.py needs this before anything is installed.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotStart(Exception):
    """Why the site cannot start, in one sentence that says what to do."""


def make_writable(folder: Path, setting: str) -> None:
    """Make `folder`, for this user alone, and prove that a file can be written there; raises CannotStart."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as proof:
            proof.write(b"1")
    except OSError as error:
        reason = error.strerror or error
        raise CannotStart(
            f"The folder {folder} cannot be written ({reason}): make it writable, or {setting}."
        ) from error


@contextmanager
def only_one(folder: Path, *, while_waiting: str) -> Iterator[None]:
    """Hold `folder` against other processes that ask for it in this way, saying `while_waiting` if one has it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(while_waiting, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
