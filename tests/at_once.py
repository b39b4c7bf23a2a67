"""The same done by several at the same moment, each with a database connection of its own, as processes have."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

WITHIN_SECONDS = 30


def at_once(work: Callable[[], object], workers: int = 4) -> None:
    """Until all are through; raises what one of them raised."""
    start, failures = threading.Barrier(workers), []

    def one() -> None:
        try:
            start.wait(WITHIN_SECONDS)
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN_SECONDS)
    if failures:
        raise failures[0]
