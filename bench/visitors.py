"""Visitors who send a form, one after the other over one connection: only what the servers do is measured."""

from __future__ import annotations

import http.client
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.servers import Served

# What somebody fills in; the plain form has the same questions.
FIELDS = {
    "writing_as": "family",
    "name": "Alex Example",
    "telephone": "(617) 555-0142",
    "email": "alex@example.com",
    "preferred_contact": "call",
    "safe_contact": "call",
    "best_times": "morning",
    "age_band": "adult",
    "state": "MA",
    "level_of_care": "2",
    "insurer": "An insurer",
    "message": "My brother has not been well since spring, and we do not know where to begin. " * 4,
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def connected(served: Served) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def send_enquiries(served: Served, tokens: Iterable[str]) -> int:
    """One for each token; how many there were."""
    with connected(served) as connection:
        return sum(_send(connection, "/admissions/", FIELDS | {"token": token}, FORM) for token in tokens)


def send_contacts(served: Served, count: int) -> int:
    """To the usual Django form, with the cookie and the token that its page gave."""
    with connected(served) as connection:
        connection.request("GET", "/contact/")
        response = connection.getresponse()
        cookie = (response.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.read().decode())
        assert token
        data, headers = FIELDS | {"csrfmiddlewaretoken": token[1]}, FORM | {"Cookie": cookie}
        return sum(_send(connection, "/contact/", data, headers) for _ in range(count))


def _send(connection: http.client.HTTPConnection, path: str, data: dict[str, str], headers: dict[str, str]) -> int:
    """1 for what was accepted; ends with a sentence otherwise."""
    connection.request("POST", path, urlencode(data), headers)
    response = connection.getresponse()
    body = response.read().decode()
    if response.status not in {302, 303}:
        problems = re.findall(r'class="error[^>]*>(.*?)<', body)
        sys.exit(f"A form that was sent to {path} was not accepted: {response.status}, {problems}.")
    return 1
