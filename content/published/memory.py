"""Memory: the pages that this process has ready, those that were read last, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from content.published.kept import KeptPage


class Memory:
    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: OrderedDict[Hashable, tuple[KeptPage, int]] = OrderedDict()
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> KeptPage | None:
        found = self._pages.get(key)
        if found is None:
            return None
        try:  # noqa: SIM105 -- this is the path of every page, and costs nothing here
            self._pages.move_to_end(key)
        except KeyError:
            pass  # Another thread has just let it go.
        return found[0]

    def latest(self) -> list[Hashable]:
        """All keys, the one that was read last first."""
        with self._writing:
            return list(reversed(self._pages))

    def put(self, key: Hashable, page: KeptPage) -> None:
        """Whatever was read longest ago goes; a page that is larger than everything is not kept."""
        size = page.size
        with self._writing:
            if key in self._pages:
                self.bytes -= self._pages.pop(key)[1]
            if size > self.most_bytes:
                return
            self._pages[key] = page, size
            self.bytes += size
            while self.bytes > self.most_bytes:
                self.bytes -= self._pages.popitem(last=False)[1][1]
