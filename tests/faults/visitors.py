"""Visitors who behave like browsers and impatient people, and who remember what they were told."""

from __future__ import annotations

import http.client
import itertools
import random
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

PATH = "/admissions/"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
RECEIVED = re.compile(r"/admissions/received/([^/]+)/\?receipt=")
ANSWER_WITHIN_SECONDS = 60
# A form that got no answer is sent again, as a browser does when somebody presses "Try again".
MOST_ATTEMPTS = 8
PAUSE_SECONDS = 0.4
_numbers = itertools.count(1)


@dataclass
class Form:
    """A form and everything that was answered to it. `group`: under which it is counted. `cut`: how often no answer
    came. `faults`: what an answer lacked. `confirmation`: the address of the page that says so."""

    group: str
    token: str
    fields: dict[str, Any]
    expected: dict[str, Any]
    references: list[str] = field(default_factory=list)
    refused: int = 0
    cut: int = 0
    faults: list[str] = field(default_factory=list)
    confirmation: str = ""

    @property
    def told(self) -> str:
        return "acknowledged" if self.references else "unknown" if self.cut else "refused"


def filled_in(group: str, token: str, level: str) -> Form:
    """No two alike, and with what is likely to be damaged on its way."""
    number = next(_numbers)
    message = f"Number {number}: “¿y ahora?” — 家族 & <b>not bold</b> 100%" + " more" * random.choice((0, 8, 200))
    fields = {
        "token": token,
        "writing_as": "parent",
        "name": f"Álex {number}",
        "telephone": "(617) 555-0123",
        "email": f"alex{number}@example.org",
        "preferred_contact": "call",
        "safe_contact": ["call", "voicemail"],
        "best_times": ["afternoon"],
        "age_band": "teen",
        "state": "MA",
        "level_of_care": level,
        "insurer": "Blue Example",
        "message": message,
    }
    same = ("writing_as", "name", "email", "preferred_contact", "safe_contact", "best_times", "age_band", "state")
    expected = {name: fields[name] for name in same} | {
        "telephone": "+16175550123",
        "level_of_care": "Virtual program",
        "insurer": "Blue Example",
        "message": message,
    }
    return Form(group, token, fields, expected)


class Crowd:
    """`size` visitors at work at once; `group` names what is happening to the site now. `forms`: all of them."""

    def __init__(self, port: int, level: str, size: int = 4) -> None:
        self.port, self.level, self.size = port, level, size
        self.group = ""
        self.forms: list[Form] = []
        self.pages: list[int] = []

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, text and Location; OSError or HTTPException where no whole answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN_SECONDS)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode(), response.getheader("Location") or ""
        finally:
            connection.close()

    def form(self) -> Form:
        """A new one, filled in."""
        status, text, _location = self.ask("GET", PATH)
        assert status == 200, f"The empty form was answered with {status}."
        form = filled_in(self.group, unescape(TOKEN.search(text)[1]), self.level)
        self.forms.append(form)
        return form

    def post(self, form: Form, **changes: str) -> int:
        """Send it once; the status of the answer."""
        status, text, location = self.ask("POST", PATH, urlencode(form.fields | changes, doseq=True))
        self.note(form, status, text, location)
        return status

    def send(self, form: Form, **changes: str) -> None:
        """Until there is an answer, whatever it is."""
        for _attempt in range(MOST_ATTEMPTS):
            try:
                self.post(form, **changes)
            except (OSError, http.client.HTTPException):
                form.cut += 1
                time.sleep(0.2)
            else:
                return

    def note(self, form: Form, status: int, text: str, location: str) -> None:
        if status == 303:
            form.references.append(RECEIVED.match(location)[1])
            form.confirmation = location
            return
        form.refused += 1
        text = unescape(text)
        for wanted in (form.fields["message"], form.fields["name"], form.token, "tel:"):
            if wanted not in text:
                form.faults.append(f"an answer {status} without {wanted[:20]!r}")

    def double_click(self, form: Form) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.send, [form, form]))

    def send_half(self, form: Form) -> None:
        """Without the state; then they think better of it, and it must be nowhere."""
        self.send(form, state="")

    def visit(self, is_over: threading.Event, number: int) -> None:
        for turn in itertools.count(number):
            if is_over.is_set():
                return
            with suppress(OSError, http.client.HTTPException):
                # An answer that is cut off here is no enquiry yet.
                form = self.form()
                (self.double_click, self.send, self.send, self.send_half, self.send)[turn % 5](form)
            if number == 0:
                self.read_page()
            is_over.wait(PAUSE_SECONDS * random.uniform(0.5, 1.5))

    def read_page(self) -> None:
        """A published one, which has to be there whatever happens to the database; asked for again where it was cut
        off, as browsers do. The status is kept, 0 where no answer ever came."""
        status = 0
        for _attempt in range(MOST_ATTEMPTS):
            with suppress(OSError, http.client.HTTPException):
                status = self.ask("GET", "/")[0]
                break
            time.sleep(0.2)
        self.pages.append(status)

    @contextmanager
    def at_work(self, group: str) -> Iterator[None]:
        """From now on; at the end everybody waits for the answer to what they have begun."""
        self.group = group
        is_over = threading.Event()
        with ThreadPoolExecutor(self.size) as pool:
            try:
                visits = [pool.submit(self.visit, is_over, number) for number in range(self.size)]
                yield
            finally:
                is_over.set()
        for visit in visits:
            visit.result()
