"""The addresses that are audited: what the sitemap lists, and the states and pages that it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree as ET

# Nothing that search engines are to show, so not judged by what they want; checked as HTML all the same.
UNLISTED = (
    "/guide/print/",
    "/es/guide/print/",
    "/goals/changes/",
    "/search/",
    "/search/?q=cost",
    "/es/search/?q=costo",
    "/search/?q=suicide",
    "/no-such-page/",
    "/es/no-such-page/",
)
FORMS = ("/admissions/", "/es/admissions/")


@dataclass(frozen=True)
class Page:
    """`html` is what was answered, whatever the status."""

    path: str
    html: str
    is_listed: bool


def pages_of(site: str) -> list[Page]:
    """Of the running site at `site`, an address without a last slash."""
    sitemap = ET.fromstring(fetch(f"{site}/sitemap.xml"))  # noqa: S314 -- our own
    listed = [urlsplit(element.text or "").path for element in sitemap.iter() if element.tag.endswith("}loc")]
    found = [Page(path, fetch(f"{site}{path}"), True) for path in listed]
    found += [Page(path, fetch(f"{site}{path}"), False) for path in UNLISTED]
    # The form with errors
    return found + [Page(f"{path} (empty, sent)", fetch(f"{site}{path}", {"name": ""}), False) for path in FORMS]


def fetch(address: str, form: dict[str, str] | None = None) -> str:
    """The body of the answer, also of one that is an error; `form` is posted."""
    data = urlencode(form).encode() if form else None
    try:
        with urlopen(Request(address, data=data), timeout=30) as response:  # noqa: S310 -- this machine
            return response.read().decode()
    except HTTPError as error:
        return error.read().decode()
