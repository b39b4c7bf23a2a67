"""Progress bars of commands: on a terminal only, and never in the way of what a command prints.

A service that loops takes a `Bar` and is given `bar` by its command; everywhere else it is `no_bar`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

from tqdm import tqdm

T = TypeVar("T")
# Says that so many more are done.
Step = Callable[[int], object]

# A bar is drawn by the loop itself; tqdm would start a thread that looks after it.
tqdm.monitor_interval = 0


class Bar(Protocol):
    def __call__(self, *, total: int, label: str, unit: str = ...) -> AbstractContextManager[Step]: ...


@contextmanager
def bar(*, total: int, label: str, unit: str = "") -> Iterator[Step]:
    """On standard error, if that is a terminal; gone when it is done."""
    with tqdm(
        total=total,
        desc=label,
        unit=unit,
        unit_scale=unit == "B",
        file=sys.stderr,
        disable=None,
        leave=False,
        dynamic_ncols=True,
    ) as drawn:
        yield drawn.update


@contextmanager
def no_bar(*, total: int, label: str, unit: str = "") -> Iterator[Step]:
    yield lambda _count: None


def watched(items: Iterable[T], *, total: int, label: str, unit: str = "") -> Iterator[T]:
    """`items`, with a bar while they pass."""
    with bar(total=total, label=label, unit=unit) as step:
        for item in items:
            yield item
            step(1)
