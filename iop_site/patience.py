"""Nobody waits longer than this for a database that has stopped answering: threads do the waiting, and are few.

A server that is paused, or whose network is gone, neither answers nor refuses. PostgreSQL's own time limits are kept by
the server, so they do not help; psycopg2 lets its caller do the waiting, and then the caller can stop.
"""

from __future__ import annotations

import contextlib
import math
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connection

FOR_VISITORS_SECONDS = 2.0
FOR_STAFF_SECONDS = 10.0
_thread = threading.local()


@contextmanager
def patience(seconds: float = FOR_VISITORS_SECONDS) -> Iterator[None]:
    """Within it, a query of this thread that is not answered in time is a django.db.Error, and so is at once each one
    after it; on SQLite one that has to wait for another writer. Other work may take as long as it does. With 0 seconds
    PostgreSQL is not waited for at all."""
    before = getattr(_thread, "seconds", None)
    _thread.seconds = seconds
    _tell_sqlite(seconds)
    try:
        yield
    finally:
        _thread.seconds = before
        _tell_sqlite(before)


def install() -> None:
    """Wait for PostgreSQL ourselves, in this process, from the next connection on."""
    if connection.vendor == "postgresql":
        import psycopg2.extensions

        psycopg2.extensions.set_wait_callback(_wait)


def _wait(raw: Any) -> None:
    """https://www.psycopg.org/docs/advanced.html#support-for-coroutine-libraries, with an end to it."""
    import psycopg2
    from psycopg2.extensions import POLL_OK, POLL_READ

    seconds = getattr(_thread, "seconds", None)
    ends = time.monotonic() + (math.inf if seconds is None else seconds)
    while (state := raw.poll()) != POLL_OK:
        left = ends - time.monotonic()
        poll = select.poll()
        poll.register(raw.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if left <= 0 or not poll.poll(None if left == math.inf else left * 1000):
            # One visit asks several things: who has waited in vain once does not wait for each of them.
            _thread.seconds = 0.0
            raise psycopg2.OperationalError("The database does not answer in time.")


def _tell_sqlite(seconds: float | None) -> None:
    if connection.vendor != "sqlite":
        return
    usual = connection.settings_dict["OPTIONS"]["timeout"]
    # Where there is no database, whoever asks it something hears so.
    with contextlib.suppress(Error):
        connection.ensure_connection()
        milliseconds = int((usual if seconds is None else seconds) * 1000)
        connection.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
