"""Links between pages are stored by page (href="page:<uid>"), so that they survive every change of address.

Editors see and type addresses; the two are exchanged at the form's edge and when a page is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from content.models.page import Page, path_of

SCHEME = "page"
_address = re.compile(r'href="(/[^"#?]*)(#[^"]*)?"')
_page_link = re.compile(r'href="page:([0-9a-f-]{36})(#[^"]*)?"')
_page_anchor = re.compile(r'<a href="page:([0-9a-f-]{36})(#[^"]*)?">(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class PageIndex:
    """Every page's draft address, both ways."""

    uid_by_path: Mapping[str, str]
    path_by_uid: Mapping[str, str]


_index: ContextVar[PageIndex | None] = ContextVar("page_index", default=None)


def build_index() -> PageIndex:
    rows = Page.objects.kept().order_by().values_list("uid", "slug", "language")
    path_by_uid = {str(uid): path_of(slug, language) for uid, slug, language in rows}
    return PageIndex(uid_by_path={path: uid for uid, path in path_by_uid.items()}, path_by_uid=path_by_uid)


@contextmanager
def indexed() -> Iterator[None]:
    """Inside, the pages are read once however many links there are."""
    token = _index.set(build_index())
    try:
        yield
    finally:
        _index.reset(token)


def to_stored(html: str) -> str:
    """Addresses of pages, also without their last slash, → page:<uid>; other links stay."""
    if 'href="/' not in html:
        return html
    index = _index.get() or build_index()

    def by_page(match: re.Match[str]) -> str:
        uid = index.uid_by_path.get(match[1]) or index.uid_by_path.get(f"{match[1]}/")
        return f'href="{SCHEME}:{uid}{match[2] or ""}"' if uid else match[0]

    return _address.sub(by_page, html)


def to_shown(html: str) -> str:
    """page:<uid> → the page's address in its draft, for the editor."""
    if f'href="{SCHEME}:' not in html:
        return html
    index = _index.get() or build_index()

    def by_address(match: re.Match[str]) -> str:
        path = index.path_by_uid.get(match[1])
        return f'href="{path}{match[2] or ""}"' if path else match[0]

    return _page_link.sub(by_address, html)


def to_live(html: str, paths: Mapping[str, str]) -> str:
    """page:<uid> → its live address in `paths`; a link to a page that is not live becomes plain text."""

    def by_live_address(match: re.Match[str]) -> str:
        path = paths.get(match[1])
        return f'<a href="{path}{match[2] or ""}">{match[3]}</a>' if path else match[3]

    return _page_anchor.sub(by_live_address, html)


def repointed(html: str, uids: Mapping[str, str]) -> str:
    """Links to the pages in `uids` lead to those that it names for them."""
    return _page_link.sub(lambda match: f'href="{SCHEME}:{uids.get(match[1], match[1])}{match[2] or ""}"', html)


def uids_in(html: str) -> set[str]:
    return {match[1] for match in _page_link.finditer(html)}
