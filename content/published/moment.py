"""Moment: what is live between two changes of it, as far as this process has read it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


class Moment:
    """`token`: the Revision's. `until`: the POSIX time at which something scheduled, or a new day, ends it anyway.

    What is read from the database during a moment is read once, by whoever asks first. `before`: the moment that it
    follows, from which it has what never changes. `knowing`: what need not be read, by name.
    """

    def __init__(
        self, token: str, until: float, *, before: Moment | None = None, knowing: dict[Hashable, Any] | None = None
    ) -> None:
        self.token = token
        self.until = until
        self.lasting: dict[Hashable, dict[Any, Any]] = before.lasting if before else {}
        self._known: dict[Hashable, Any] = knowing or {}
        self._lock = threading.RLock()

    def known(self, name: Hashable, load: Callable[[], Any]) -> Any:
        """What `load` gave when `name` was first asked for; raises what it raises, and then knows nothing."""
        if name not in self._known:
            with self._lock:
                if name not in self._known:
                    self._known[name] = load()
        return self._known[name]


_read: ContextVar[Moment | None] = ContextVar("moment", default=None)


@contextmanager
def reading(moment: Moment | None) -> Iterator[None]:
    """Within it, `known` remembers for `moment`; for None, and outside, everything is read anew."""
    token = _read.set(moment)
    try:
        yield
    finally:
        _read.reset(token)


def known(name: Hashable, load: Callable[[], Any]) -> Any:
    """`load()`, or what it gave before at the moment that is being read. The same for everybody: not to be changed."""
    moment = _read.get()
    return load() if moment is None else moment.known(name, load)


def lasting(name: Hashable) -> dict[Any, Any]:
    """To be filled with what is the same at every moment; empty, and forgotten, where no moment is being read."""
    moment = _read.get()
    return {} if moment is None else moment.lasting.setdefault(name, {})
