"""A visitor's request to the memory in front of Django, without a server and without its thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory

from content.published.answers import Application, Environ
from content.published.copies import Copies
from content.published.kept import StartResponse
from content.published.layer import PublishedLayer
from content.published.watch import WarmUp

MEGABYTE = 1024 * 1024


class Seen(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Counted:
    """An application that counts how often it is entered."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.entered = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.entered += 1
        return self.application(environ, start_response)


@contextmanager
def connection_left_open() -> Iterator[None]:
    """A request would close the connection that a test has a transaction on; Django's own test client does this too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Visitor:
    """`visitor.get("/teens/")` at a layer of its own; `visitor.django.entered` counts what memory did not answer.

    What is live is looked up when a test says `look()`, as the thread does twice a second.
    """

    def __init__(
        self, folder: Path, *, django: Application | None = None, most_bytes: int = 8 * MEGABYTE, **options: Any
    ) -> None:
        self.django = Counted(django or WSGIHandler())
        self.copies = Copies(folder, most_bytes)
        options = {"believes_proxy": False} | options
        self.layer = PublishedLayer(self.django, most_bytes=most_bytes, copies=self.copies, **options)
        self.watch = self.layer.watch
        self.watch.begin = lambda: None  # type: ignore[method-assign]
        # A test's connection holds what it has made.
        self.connections_closed = 0
        self.layer._close_connection = self._count_closed  # type: ignore[method-assign]

    def _count_closed(self) -> None:
        self.connections_closed += 1

    def look(self, warm_up: WarmUp | None = None) -> None:
        """Find what has been published."""
        # What PostgreSQL does at the end of a transaction, which a test never comes to.
        connection.check_constraints()
        with connection_left_open():
            self.watch.look(warm_up)

    def get(self, path: str, method: str = "GET", **headers: str) -> Seen:
        """`headers` by their names in WSGI, such as HTTP_ACCEPT_ENCODING."""
        environ = RequestFactory(headers={"host": "127.0.0.1"}).generic(method, path, **headers).environ
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        with connection_left_open():
            result = self.layer(environ, lambda status, given: begun.append((status, given)))
            body = b"".join(result)
            if hasattr(result, "close"):
                result.close()
        [(status, given)] = begun
        return Seen(int(status.split()[0]), dict(given), body)
