"""What the worker's loop does with each connection, without a site: its deadlines and its bounds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from iop_site import buffered_worker
from iop_site.buffered_worker import BufferedWorker

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
BIG = 8 * 1024 * 1024


class Clock:
    """Stands still until it is told."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Loop(BufferedWorker):
    """A worker whose rounds a test makes one by one. `bodies`: what the application was sent."""

    def __init__(self, listener: socket.socket) -> None:
        config = Config()
        config.set("worker_connections", 5)
        config.set("threads", 1)
        super().__init__(1, 0, [listener], None, 30, config, Logger(config))
        self.listener = listener
        self.alive = True
        self.bodies: list[bytes] = []
        self.answer = b"ok"
        self.wsgi = self._application
        self.tpool = self.get_thread_pool()
        self.poller = buffered_worker.selectors.DefaultSelector()
        self.method_queue.init()
        self.poller.register(self.method_queue.fileno(), 1, self.method_queue.run_callbacks)
        self.poller.register(listener, 1, self.accept)

    def _application(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Length", str(len(self.answer)))])
        return [self.answer]

    def turn(self, times: int = 5) -> None:
        for _ in range(times):
            self.wait_for_and_dispatch_events(0.02)
            self.murder_keepalived()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(buffered_worker, "time", clock)
    return clock


@pytest.fixture
def loop(clock: Clock) -> Iterator[Loop]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        loop = Loop(listener)
        yield loop
        loop.tpool.shutdown()
        loop.turn(2)
        loop.murder_keepalived(force=True)
        loop.poller.close()
        loop.method_queue.close()
        loop.tmp.close()


@pytest.fixture
def connect(loop: Loop) -> Iterator[Any]:
    with ExitStack() as stack:

        def connect(sent: bytes = b"") -> socket.socket:
            client = stack.enter_context(socket.create_connection(loop.listener.getsockname(), timeout=5))
            client.sendall(sent)
            loop.turn(2)
            return client

        yield connect


def answered(loop: Loop, client: socket.socket) -> bytes:
    """What has come, once there is something."""
    client.setblocking(False)
    for _ in range(200):
        loop.turn(1)
        try:
            return client.recv(BIG)
        except BlockingIOError:
            continue
    raise AssertionError("no answer")


def is_open(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return bool(client.recv(100_000))
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


@pytest.mark.parametrize("sent", [b"", b"GET / HT", POST + b"12345"])
def test_no_thread_sees_a_request_that_is_not_whole(loop: Loop, connect: Any, sent: bytes) -> None:
    connect(sent)
    loop.turn()
    assert loop.bodies == []
    assert len(loop.waiting) == 1


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_request_in_pieces_is_whole_and_the_connection_serves_another(loop: Loop, connect: Any, size: int) -> None:
    client = connect()
    for body in (b"0123456789", b"9876543210"):
        whole = POST + body
        for start in range(0, len(whole), size):
            client.sendall(whole[start : start + size])
            loop.turn(1)
        assert answered(loop, client).startswith(b"HTTP/1.1 200 OK")
    assert loop.bodies == [b"0123456789", b"9876543210"]


def test_requests_that_come_together_are_all_answered_and_half_of_one_is_waited_for(loop: Loop, connect: Any) -> None:
    client = connect(GET + POST + b"0123456789" + GET[:9])
    received = b""
    while received.count(b"200 OK") < 2:
        received += answered(loop, client)
    loop.turn()
    assert loop.bodies == [b"", b"0123456789"]
    client.sendall(GET[9:])
    assert b"200 OK" in answered(loop, client)


def test_a_deadline_runs_from_the_first_byte_and_later_ones_do_not_move_it(
    loop: Loop, connect: Any, clock: Clock
) -> None:
    client = connect(b"G")
    for byte in b"ET / HTTP":
        clock.now += 2
        client.sendall(bytes([byte]))
        loop.turn(2)
    assert is_open(client)
    clock.now += 3
    assert answered(loop, client).startswith(b"HTTP/1.1 408 ")
    assert not is_open(client)


def test_a_body_has_longer_the_longer_it_is_and_then_no_more(loop: Loop, connect: Any, clock: Clock) -> None:
    seconds = BIG / buffered_worker.SLOWEST_BYTES_PER_SECOND + loop.seconds
    client = connect(b"POST /admin/ HTTP/1.1\r\nContent-Length: %d\r\n\r\n12345" % BIG)
    clock.now += seconds - 1
    loop.turn(2)
    assert is_open(client)
    clock.now += 2
    assert answered(loop, client).startswith(b"HTTP/1.1 408 ")


def test_who_says_nothing_is_closed_without_a_word(loop: Loop, connect: Any, clock: Clock) -> None:
    client = connect()
    clock.now += loop.seconds + 1
    loop.turn(2)
    assert not is_open(client)
    assert loop.nr_conns == 0


def test_a_kept_connection_is_closed_when_nothing_comes(loop: Loop, connect: Any, clock: Clock) -> None:
    client = connect(GET)
    answered(loop, client)
    loop.turn()
    clock.now += loop.cfg.keepalive - 1
    loop.turn(2)
    assert is_open(client)
    clock.now += 3
    loop.turn(2)
    assert not is_open(client)


def test_who_does_not_read_holds_no_thread_and_is_closed_in_the_end(loop: Loop, connect: Any, clock: Clock) -> None:
    loop.answer = b"a" * BIG
    unread = connect(GET)
    loop.turn()
    loop.answer = b"ok"
    assert answered(loop, connect(GET)).endswith(b"ok")
    assert 0 < loop.held < BIG
    clock.now += loop.seconds + BIG / buffered_worker.SLOWEST_BYTES_PER_SECOND + 1
    loop.turn(2)
    unread.settimeout(5)
    assert len(unread.makefile("rb").read()) < BIG
    assert loop.held == 0


def test_a_long_answer_arrives_whole(loop: Loop, connect: Any) -> None:
    loop.answer = bytes(range(256)) * (BIG // 256)
    client, received = connect(GET), b""
    while len(received) < BIG or not received.endswith(loop.answer):
        received += answered(loop, client)
    assert received.endswith(loop.answer)


def test_one_too_many_closes_the_one_that_waits_longest(loop: Loop, connect: Any) -> None:
    clients = [connect(b"GET / HT") for _ in range(8)]
    assert [is_open(client) for client in clients] == [False] * 4 + [True] * 4
    assert answered(loop, connect(GET)).startswith(b"HTTP/1.1 200 OK")


def test_too_much_memory_closes_whoever_holds_most(loop: Loop, connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffered_worker, "MOST_BYTES_HELD", 10_000)
    small, large = connect(b"GET / HT"), connect(b"POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n")
    large.sendall(b"a" * 20_000)
    loop.turn()
    assert is_open(small)
    assert not is_open(large)
    assert loop.held == len(b"GET / HT")


def test_a_client_that_asks_whether_to_go_on_is_told_so(loop: Loop, connect: Any) -> None:
    client = connect(POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
    assert answered(loop, client) == buffered_worker.GO_ON
    client.sendall(b"0123456789")
    assert b"200 OK" in answered(loop, client)
    assert loop.bodies == [b"0123456789"]


def test_a_body_that_is_too_long_is_answered_unread_and_the_connection_closed(loop: Loop, connect: Any) -> None:
    client = connect(b"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n12345")
    answer = answered(loop, client)
    assert b"Connection: close" in answer
    client.sendall(b"6" * 1000)
    loop.turn()
    assert loop.bodies == [b"12345"]


def test_a_client_that_goes_away_leaves_nothing(loop: Loop, connect: Any) -> None:
    for sent in (b"", b"GET / HT", POST + b"12345", GET):
        connect(sent).close()
        loop.turn()
    assert loop.nr_conns == loop.held == 0
    assert not loop.waiting
