"""Clients that send or read slowly, or not at all, cost the others nothing: on a running site."""

from __future__ import annotations

import re
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from iop_site.launch import keys
from tests.launched import Site, get, launched_site

MANY = 50
HEAD = b"Host: 127.0.0.1\r\n"
FORM = (
    b"POST /admissions/ HTTP/1.1\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
)
# Many answers that nobody reads: more than the buffers of both ends take.
UNREAD = b"GET /admissions/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40
SENT = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\n" + HEAD,
    "half a body": FORM % HEAD + b"name=Alex",
    "half a body of staff": FORM.replace(b"/admissions/", b"/admin/login/") % HEAD + b"username=a",
    "a whole request and half of another": b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\nGET / HTTP/1.1\r\n" + HEAD,
    "reads nothing": UNREAD,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    """Without the sample program, which takes long to load."""
    data_dir = shutil.copytree(migrated, tmp_path_factory.mktemp("slow") / "data")
    keys.make_secret_key(data_dir)
    keys.make_key_pairs(data_dir)
    with launched_site(data_dir, SURFACE="public", DATABASE_URL=f"sqlite:///{data_dir / 'site.sqlite3'}") as running:
        yield running


def connect(site: Site, sent: bytes) -> socket.socket:
    address = urlsplit(site.url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(10)
    client.connect((address.hostname, address.port))
    client.sendall(sent)
    return client


@contextmanager
def many(site: Site, sent: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(connect(site, sent)) for _ in range(MANY)]


def is_open(client: socket.socket) -> bool:
    """Whether the site has not closed it; what it has answered stays to be read."""
    client.setblocking(False)
    try:
        return bool(client.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True


def post(url: str, body: bytes) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, body, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def visit(site: Site) -> None:
    """A page, the form, and what the form answers when it is sent unfinished."""
    assert get(f"{site.url}/crisis/")[0] == 200
    status, page = get(f"{site.url}/admissions/")
    assert status == 200
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    status, page = post(f"{site.url}/admissions/", urlencode({"token": token, "name": "Alex of the test"}).encode())
    assert status < 500
    assert "Alex of the test" in page


@pytest.mark.parametrize("kind", SENT)
def test_a_visitor_is_served_beside_many_who_are_slow(site: Site, kind: str) -> None:
    with many(site, SENT[kind]) as clients:
        visit(site)
        assert all(is_open(client) for client in clients)


def test_a_visitor_is_served_beside_many_who_send_a_byte_at_a_time(site: Site) -> None:
    with many(site, b"GET /slow HTTP/1.1\r\n") as clients:
        for byte in b"Host: ":
            for client in clients:
                client.sendall(bytes([byte]))
            assert get(f"{site.url}/healthz")[0] == 200
        visit(site)
        assert all(is_open(client) for client in clients)


def test_a_body_that_arrives_in_pieces_arrives_whole(site: Site) -> None:
    body = urlencode({"name": "Alex of the pieces", "message": "a" * 4000}).encode()
    head = FORM.replace(b"5000", b"%d" % len(body)).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % HEAD
    with connect(site, head[:40]) as client:
        for start in range(40, len(head + body), 1000):
            client.sendall((head + body)[start : start + 1000])
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 ")
    assert "Alex of the pieces" in answer


def test_a_body_that_is_too_long_is_refused_before_it_has_arrived(site: Site) -> None:
    with connect(site, FORM.replace(b"5000", b"5000000") % HEAD + b"name=Alex") as client:
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "tel:988" in answer
    assert "Connection: close" in answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"secret\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: secret\n\n", 400),
        (b"GET /?" + b"secret" * 2000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X-A: secret\r\n" * 4000, 431),
        (b"POST /admissions/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n", 411),
        (b"POST /admissions/ HTTP/1.1\r\nContent-Length: secret\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nsecret", 400),
    ],
)
def test_what_is_no_request_gets_a_page_with_the_crisis_line(site: Site, sent: bytes, status: int) -> None:
    with connect(site, sent) as client:
        answer = client.makefile("rb").read().decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert 'href="tel:988"' in answer
    assert "secret" not in answer


def test_a_static_file_arrives_whole(site: Site) -> None:
    page = get(f"{site.url}/admissions/")[1]
    path = re.search(r'href="(/static/css/[^"]+)"', page)[1]
    with connect(site, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()) as client:
        head, _blank, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) == len(body) > 0


def test_the_log_says_nothing_of_them(site: Site) -> None:
    said = site.output().partition("Ctrl-C")[2]
    assert "secret" not in said
    assert "Traceback" not in said
