"""The addresses that are audited: what the sitemap lists, and the states and pages that it leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

# Nothing that search engines are to show, so not judged by what they want.
UNLISTED = (
    # Handouts, whole and chosen, and what cannot be one
    "/guide/print/",
    "/es/guide/print/",
    "/guide/print/?pages=goals,schedule",
    "/es/guide/print/?pages=metas,horarios",
    "/guide/print/?pages=",
    "/guide/print/?pages=goals,nope",
    # What changed
    "/goals/changes/",
    "/es/metas/changes/",
    # A week as another level of care has it
    "/schedule/?days=5",
    # Which level of care: every question, every level that the answers lead to, and no answer of ours
    "/which-level/?a=3",
    "/which-level/?a=3-1",
    "/which-level/?a=3-1-1",
    "/which-level/?a=3-1-1-3",
    "/which-level/?a=3-1-1-3-2",
    "/which-level/?a=3-1-1-3-2-1",
    "/which-level/?a=3-1-1-3-2-1-1",
    "/which-level/?a=3-2-1-3-2-1-2",
    "/which-level/?a=3-1-1-1",
    "/which-level/?a=3-1-1-2-1",
    "/which-level/?a=3-1-1-4-2-3",
    "/which-level/?a=x",
    "/es/which-level/?a=3-1-1",
    "/es/which-level/?a=3-1-1-3-2-1-1",
    # Search: asked nothing, found, mended, not found, in a crisis
    "/search/",
    "/es/search/",
    "/search/?q=cost",
    "/es/search/?q=costo",
    "/search/?q=insurence",
    "/search/?q=xylophone",
    "/es/search/?q=xilofono",
    "/search/?q=suicide",
    "/es/search/?q=suicidio",
    # Errors
    "/no-such-page/",
    "/es/no-such-page/",
    "/search/?q=%00",
)
FORMS = ("/admissions/", "/es/admissions/")
SENT_EMPTY = " (empty, sent)"
FILLED = {
    "writing_as": "parent",
    "name": "Alex Sample",
    "telephone": "(617) 555-0123",
    "email": "alex@example.org",
    "preferred_contact": "call",
    "safe_contact": "voicemail",
    "age_band": "teen",
    "state": "MA",
}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """`html` is what was answered, whatever the status."""

    path: str
    html: str
    is_listed: bool

    @property
    def address(self) -> str:
        return self.path.removesuffix(SENT_EMPTY)

    @property
    def is_sent_empty(self) -> bool:
        """The form with its errors, which only sending it shows."""
        return self.path != self.address


def pages_of(site: str) -> list[Page]:
    """Of the running site at `site`, an address without a last slash. Sends the form of each language once."""
    sitemap = ET.fromstring(fetch(f"{site}/sitemap.xml")[1])  # noqa: S314 -- our own
    listed = [urlsplit(element.text or "").path for element in sitemap.iter() if element.tag.endswith("}loc")]
    found = [Page(path, fetch(f"{site}{path}")[1], True) for path in listed]
    found += [Page(path, fetch(f"{site}{path}")[1], False) for path in UNLISTED]
    for path in FORMS:
        found.append(Page(f"{path}{SENT_EMPTY}", fetch(f"{site}{path}", {"name": ""})[1], False))
        token = TOKEN.search(fetch(f"{site}{path}")[1])
        assert token, f"{path} has no token"
        confirmation, html = fetch(f"{site}{path}", FILLED | {"token": token[1]})
        found.append(Page(confirmation.removeprefix(site), html, False))
    return found


def fetch(address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Where the answer came from in the end, and its body, also of one that is an error; `form` is posted."""
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(Request(address, data=data), timeout=30) as response:  # noqa: S310 -- this machine
            return response.url, response.read().decode()
    except HTTPError as error:
        return error.url, error.read().decode()
