"""Filling: sees to it that every live page has its copy on disk, also one that nobody has opened yet.

A thread of each process, of which one at a time works: after a start and after each publication it makes the copies
that are missing, one page after the other, and rests nine times as long as it has worked. Nobody waits for it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, connection

from content.published.copies import Copies
from content.published.moment import Moment, reading
from content.published.proof import Proof, proofs

logger = logging.getLogger(__name__)
# Of the time of one core
MOST_WORK = 1 / 10
# Of what the copies may take: beyond, one that was read would go for one that was not.
FULL_AT = 0.9
# While another process is at it; it may end before it has finished.
LOOK_AGAIN_SECONDS = 30.0

# Makes the copy of the page at a path, which has this proof, at this moment, where there is none; gives the bytes of
# what it made. Raises django.db.Error while the database is away.
MakeCopy = Callable[[str, Proof, Moment], int]


class Filling:
    """Works for one moment at a time: the one that was last given to `begin`."""

    def __init__(self, copies: Copies, make_copy: MakeCopy) -> None:
        self.copies = copies
        self.make_copy = make_copy
        self.moment: Moment | None = None
        self.is_due = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, moment: Moment) -> None:
        """In a thread of its own; for a moment that it works for, or is done with, nothing happens."""
        if moment is self.moment:
            return
        self.moment = moment
        self.is_due.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._fill_for_ever, name="filling", daemon=True)
            self._thread.start()

    def fill(self) -> bool:
        """Make what is missing; False where another process is at it. Ends early when another moment has begun."""
        self.is_due.clear()
        with _alone_in(self.copies) as is_alone:
            moment = self.moment
            if is_alone and moment is not None:
                self._make_missing(moment)
        return is_alone

    def _make_missing(self, moment: Moment) -> None:
        with reading(moment):
            live = proofs()
        room = self.copies.most_bytes * FULL_AT - self.copies.bytes()
        for path, proof in live.items():
            if room <= 0:
                return
            began = time.monotonic()
            room -= self.make_copy(path, proof, moment)
            pause = (time.monotonic() - began) * (1 / MOST_WORK - 1)
            if self.is_due.wait(pause):
                return

    def _fill_for_ever(self) -> None:
        while True:
            self.is_due.wait()
            is_done = False
            try:
                is_done = self.fill()
            except Error:
                pass  # The watch has said so.
            except Exception as error:
                # Whatever it is: a thread that ended would never make another.
                logger.error("Pages that nobody has opened yet cannot be copied (%s).", type(error).__name__)
            finally:
                connection.close()
            if not is_done and not self.is_due.wait(LOOK_AGAIN_SECONDS):
                self.is_due.set()


@contextmanager
def _alone_in(copies: Copies) -> Iterator[bool]:
    """Whether this process alone fills the folder of `copies` meanwhile."""
    copies.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(copies.folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
