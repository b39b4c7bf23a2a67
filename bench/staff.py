"""Editors at work: in the admin, over HTTP, as their browsers do it."""

from __future__ import annotations

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.html_form import HtmlForm
from bench.servers import Served
from bench.site import STAFF_PASSWORD
from bench.visitors import FORM

LOGIN = "/admin/login/"


class Editor:
    """Logged in at `served`, a staff surface."""

    def __init__(self, served: Served, page: int) -> None:
        self.served = served
        self.editor, self.before = (f"/admin/content/page/{page}/{what}/" for what in ("change", "publish"))
        self.saved = 0
        self.cookies: dict[str, str] = {}
        data = HtmlForm(self._get(LOGIN), value="login-form").data
        self._post(LOGIN, data | {"username": "admin", "password": STAFF_PASSWORD, "next": "/admin/"})

    def save(self) -> None:
        """Open the page in the editor, change its first text, save."""
        self.saved += 1
        data = HtmlForm(self._get(self.editor)).data | {"_continue": "1"}
        name = next(name for name, value in data.items() if value.startswith("<p>"))
        text = re.sub(r"^(<p>Saved \d+ times.</p>)?", f"<p>Saved {self.saved} times.</p>", data[name])
        self._post(self.editor, data | {name: text})

    def publish(self) -> None:
        """Look at what changes for visitors, and publish it."""
        data = HtmlForm(self._get(self.before), name="class", value="desk-form").data
        self._post(self.before, data | {"when": "now", "change_note": "Measured"})

    def _get(self, path: str) -> str:
        status, body = self._ask("GET", path)
        assert status == 200, (path, status)
        return body

    def _post(self, path: str, data: dict[str, str]) -> None:
        status, body = self._ask("POST", path, urlencode(data))
        assert status == 302, (path, status, re.findall(r"errorlist[^>]*>(.*?)</ul>", body, re.DOTALL))

    def _ask(self, method: str, path: str, data: str | None = None) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        try:
            connection.request(method, path, data, FORM | {"Cookie": cookies})
            response = connection.getresponse()
            for header in response.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: one.value for name, one in SimpleCookie(header).items()}
            return response.status, response.read().decode()
        finally:
            connection.close()
