"""BufferedWorker: gunicorn's threads, which never wait for a client.

A thread of gunicorn's gthread reads the request and writes the answer itself, so eight clients a process that send half
a request, or read slowly, hold all of them. Here one loop receives every request until it is whole, a thread
works on it without touching the network, and the loop sends what the network does not take at once. A slow
connection costs memory, which is bounded; at a bound a connection is closed and the next one is still accepted.

No TLS and no HTTP/2: those are the proxy's.
"""

from __future__ import annotations

import errno
import io
import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import http as gunicorn_http
from gunicorn.http.unreader import Unreader
from gunicorn.workers import gthread

from iop_site import bare_page
from iop_site.body_limits import most_bytes_read

# A request line and every header of a browser, many times over.
MOST_HEAD_BYTES = 32 * 1024
# Of requests and answers in each process; twice what the largest request of staff needs.
MOST_BYTES_HELD = 64 * 1024 * 1024
# Whoever sends or reads more slowly runs out of time: a picture of 15 MB may take eight minutes.
SLOWEST_BYTES_PER_SECOND = 32 * 1024
RECEIVE_BYTES = 16 * 1024
END_OF_HEAD = b"\r\n\r\n"
FIELDS = re.compile(rb"\r\n(content-length|transfer-encoding|expect):[ \t]*([^\r\n]*)", re.IGNORECASE)
LENGTH = re.compile(rb"[0-9]{1,15}[ \t]*")
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
NOBODY_WAITS = socket.MSG_DONTWAIT


class Received(Unreader):
    """What the parser reads instead of the socket, so that it cannot wait: after the last byte comes the end."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = io.BytesIO()

    def chunk(self, size_hint: int | None = None) -> bytes:
        return self.bytes.read(min(max(size_hint or 0, 8192), 1024 * 1024))

    def rest(self) -> bytes:
        """What was not read, which is let go of."""
        rest, self.bytes = self.take_buffered() + self.bytes.read(), io.BytesIO()
        return rest


class Outgoing(socket.socket):
    """Takes all that a thread has to send; what the network does not take at once is for the loop to send."""

    unsent: deque[memoryview]

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.unsent.append(memoryview(data))
        self.send_some()

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        file.seek(offset)
        data = file.read(-1 if count is None else count)
        self.sendall(data)
        return len(data)

    def close(self) -> None:
        """Not by a thread: the loop may be watching it."""

    def send_some(self) -> None:
        """Raises OSError when the client is gone."""
        while self.unsent:
            try:
                sent = self.send(self.unsent[0], NOBODY_WAITS)
            except BlockingIOError:
                return
            rest = self.unsent.popleft()[sent:]
            if rest:
                self.unsent.appendleft(rest)


class Connection(gthread.TConn):
    """`needed`: bytes of the request, once its head is there. `is_cut`: its body is too long and is not read.
    `held`: bytes of memory."""

    def __init__(self, worker: BufferedWorker, sock: Outgoing, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        sock.unsent = deque()
        self.parser = gunicorn_http.get_parser(self.cfg, sock, client)
        self.parser.unreader = Received()
        self.initialized = True
        self.received = bytearray()
        self.needed = self.held = 0
        self.is_cut = self.is_kept = self.is_dropped = False
        self.events = 0
        self.resume = partial(worker.resume, self)
        self.step: Callable[[Connection], None] = worker.receive

    def close(self, graceful: bool = False) -> None:
        socket.socket.close(self.sock)


class BufferedWorker(gthread.ThreadWorker):
    """`seconds`: for a client to begin and to send its head; for a body or an answer so long above the slowest."""

    seconds = 20.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those that the poller watches; the one that has waited longest first.
        self.waiting: dict[Connection, None] = {}
        self.held = 0
        self.next_sweep = 0.0

    # --- Connections and their bounds ---------------------------------------------------------------------------------

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self.drop_oldest()
            elif error.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        sock = Outgoing(client.family, client.type, client.proto, fileno=client.detach())
        self.nr_conns += 1
        self.wait(Connection(self, sock, address, listener.getsockname()), self.receive, self.seconds)
        if self.nr_conns >= self.worker_connections:
            self.drop_oldest()

    def wait(self, conn: Connection, step: Callable[[Connection], None], seconds: float) -> None:
        """For `step`, which reads or sends, and `seconds` at most."""
        conn.step, conn.timeout = step, time.monotonic() + seconds
        self.waiting[conn] = None
        self.watch(conn, selectors.EVENT_WRITE if step == self.send else selectors.EVENT_READ)

    def watch(self, conn: Connection, events: int) -> None:
        if events != conn.events:
            if conn.events:
                self.poller.unregister(conn.sock)
            if events:
                self.poller.register(conn.sock, events, conn.resume)
            conn.events = events

    def resume(self, conn: Connection, _sock: Outgoing) -> None:
        if conn in self.waiting:
            self.attempt(conn.step, conn)
        else:
            # More comes while a thread has it. To watch until then is cheaper than to stop and begin each time.
            self.watch(conn, 0)

    def attempt(self, step: Callable[..., None], conn: Connection, *arguments: Any) -> None:
        """`step`, without the ways networks fail."""
        try:
            step(conn, *arguments)
        except BlockingIOError:
            pass
        except OSError:
            self.drop(conn)

    def drop(self, conn: Connection) -> None:
        if conn.is_dropped:
            return
        conn.is_dropped = True
        self.waiting.pop(conn, None)
        self.watch(conn, 0)
        self.hold(conn, 0)
        self.nr_conns -= 1
        conn.close()

    def drop_oldest(self) -> None:
        if self.waiting:
            self.drop(next(iter(self.waiting)))

    def hold(self, conn: Connection, size: int) -> None:
        """`conn` holds `size` bytes now; when all hold too many, whoever waits with the most is dropped."""
        self.held += size - conn.held
        conn.held = size
        while self.held > MOST_BYTES_HELD and self.waiting:
            greediest = max(self.waiting, key=lambda other: other.held)
            if not greediest.held:
                # Threads have it all, and are about to be done with it.
                return
            self.drop(greediest)

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by gunicorn after each round of its loop."""
        now = time.monotonic()
        if now < self.next_sweep and not force:
            return
        self.next_sweep = now + 1
        for conn in [conn for conn in self.waiting if force or conn.timeout <= now]:
            if conn.step == self.receive and conn.received and not force:
                self.attempt(self.refuse, conn, HTTPStatus.REQUEST_TIMEOUT)
            else:
                self.drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called by gunicorn when it stops: whoever is sending or being sent something is given longer."""
        for conn in self.waiting:
            if not conn.held:
                conn.timeout = min(conn.timeout, deadline)

    # --- A request ----------------------------------------------------------------------------------------------------

    def receive(self, conn: Connection) -> None:
        data = conn.sock.recv(RECEIVE_BYTES, NOBODY_WAITS)
        if data:
            self.take(conn, data)
        else:
            self.drop(conn)

    def take(self, conn: Connection, data: bytes) -> None:
        if not conn.received:
            conn.timeout = time.monotonic() + self.seconds
        conn.received += data
        status = None if conn.needed else self.read_head(conn)
        if status:
            self.refuse(conn, status)
        elif 0 < conn.needed <= len(conn.received):
            self.hand_over(conn)
        else:
            self.hold(conn, len(conn.received))

    def read_head(self, conn: Connection) -> HTTPStatus | None:
        """Find out what is needed; what is wrong, where the parser could not say it."""
        end = conn.received.find(END_OF_HEAD)
        if (end if end >= 0 else len(conn.received)) > MOST_HEAD_BYTES:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if end < 0:
            if conn.received.count(b"\n") != conn.received.count(b"\r\n"):
                # It will never end as it should, and the parser says so.
                conn.needed = len(conn.received)
            return None
        conn.needed = end + len(END_OF_HEAD)
        head = bytes(conn.received[: end + 2])
        fields = {name.lower(): value for name, value in FIELDS.findall(head)}
        return self.read_fields(conn, head, fields) if fields else None

    def read_fields(self, conn: Connection, head: bytes, fields: dict[bytes, bytes]) -> HTTPStatus | None:
        if b"transfer-encoding" in fields:
            # No browser sends a form without its length.
            return HTTPStatus.LENGTH_REQUIRED
        value = fields.get(b"content-length", b"")
        # The parser refuses what is no number.
        length = int(value) if LENGTH.fullmatch(value) else 0
        _method, _space, target = head.partition(b" ")
        conn.is_cut = length > most_bytes_read(target.decode("latin-1"))
        if not conn.is_cut:
            conn.needed += length
            conn.timeout = time.monotonic() + self.seconds + length / SLOWEST_BYTES_PER_SECOND
            if b"expect" in fields and conn.needed > len(conn.received):
                conn.sock.send(GO_ON, NOBODY_WAITS)
        return None

    def hand_over(self, conn: Connection) -> None:
        self.waiting.pop(conn, None)
        self.hold(conn, len(conn.received))
        conn.parser.unreader.bytes = io.BytesIO(conn.received)
        conn.received, conn.needed = bytearray(), 0
        self.enqueue_req(conn)

    def handle_request(self, req: Any, conn: Connection) -> bool:
        """In a thread."""
        # The loop has said "100 Continue" where it was asked to.
        req._expected_100_continue = False
        if conn.is_cut:
            req.force_close()
        return super().handle_request(req, conn)

    def refuse(self, conn: Connection, status: HTTPStatus) -> None:
        """Without a thread."""
        self.waiting.pop(conn, None)
        conn.received, conn.is_kept = bytearray(), False
        conn.sock.sendall(bare_page.answer(status))
        self.go_on(conn)

    # --- After it -----------------------------------------------------------------------------------------------------

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        try:
            conn.is_kept = bool(fs.result())
        except Exception:
            # gunicorn has logged what it was.
            conn.is_kept = False
        self.attempt(self.go_on, conn)

    def go_on(self, conn: Connection) -> None:
        """Send what is left of the answer; then wait for the next request, or until the client has closed its end."""
        unsent = sum(map(len, conn.sock.unsent))
        self.hold(conn, unsent)
        if unsent:
            self.wait(conn, self.send, self.seconds + unsent / SLOWEST_BYTES_PER_SECOND)
        elif conn.is_kept:
            self.wait(conn, self.receive, self.cfg.keepalive if self.alive else gthread.STOP_KEEPALIVE_LINGER)
            rest = conn.parser.unreader.rest()
            if rest:
                self.take(conn, rest)
        else:
            # Closed at once, what the client is still sending would make its machine throw the answer away.
            conn.sock.shutdown(socket.SHUT_WR)
            self.wait(conn, self.discard, self.seconds if self.alive else gthread.STOP_KEEPALIVE_LINGER)

    def send(self, conn: Connection) -> None:
        conn.sock.send_some()
        if not conn.sock.unsent:
            del self.waiting[conn]
            self.go_on(conn)

    def discard(self, conn: Connection) -> None:
        if not conn.sock.recv(RECEIVE_BYTES, NOBODY_WAITS):
            self.drop(conn)
