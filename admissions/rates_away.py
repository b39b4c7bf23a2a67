"""How many enquiries come while the database is away, which counts them else: each process counts its own.

With several processes as many times the limit are taken; what the spool takes at most is spool.MOST_FILES.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from admissions.rates import EVERYBODY, Counts

_lock = threading.Lock()
# Of one hour alone. A place that has nothing is not in it, so the limit for all limits its size too.
_counted: Counter[str] = Counter()
_hours: set[int] = set()


@contextmanager
def counted(place: str, now: datetime, *, is_urgent: bool) -> Iterator[Counts]:
    """As rates.count: one more from `place` in this hour, unless what is done within fails. Raises rates.TooMany."""
    hour = int(now.timestamp()) // 3600
    with _lock:
        if hour not in _hours:
            forget()
            _hours.add(hour)
        counts = Counts(_counted[place] + 1, _counted[EVERYBODY] + 1)
        counts.refuse_too_many(is_urgent=is_urgent)
        _counted.update([place, EVERYBODY])
    try:
        yield counts
    except BaseException:
        with _lock:
            if hour in _hours:
                _counted.subtract([place, EVERYBODY])
                if not _counted[place]:
                    del _counted[place]
        raise


def forget() -> None:
    _counted.clear()
    _hours.clear()
