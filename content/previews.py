"""Previews: the draft or a version in the public template, for staff; one version by a link, for somebody without an
account. What they show is never kept anywhere on its way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from content import published, reading, reviewing
from content.context import pages_for
from content.documents import upgraded
from content.models import Page, PageVersion, PreviewLink
from content.published import LivePage
from content.publishing import digest_of, keep_version
from content.richtext import RICH_FIELDS

Document = dict[str, Any]
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
# Not reversed: the staff surface makes links that the public one answers.
SHARED_PATH = "/preview/{token}/"
_page_anchor = re.compile(r'<a href="page:([0-9a-f-]{36})[^"]*">.*?</a>', re.DOTALL)
_link_within_site = re.compile(r'(<a\b[^>]*\bhref=")(/(?!admin/)[^"]*")')


def public_address(path: str) -> str:
    """Where visitors find `path`: the whole address on a surface that does not answer it itself."""
    return path if settings.HAS_PUBLIC else f"{settings.SITE_URL}{path}"


# --- What a preview shows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft(LivePage):
    """A page that is not live, as lists of pages need it; its link leads to its own preview."""

    address: str = ""

    @property
    def path(self) -> str:
        return self.address


@dataclass(frozen=True)
class Banner:
    """What the preview says of itself. `number`: of the version, None for the draft; `live_number`: of the one that
    visitors see, None where they see none; `until`: the end of a shared link."""

    number: int | None
    live_number: int | None
    until: datetime | None = None


def staff_response(
    request: HttpRequest, document: Document, banner: Banner, drafts: Sequence[Draft] = ()
) -> HttpResponse:
    """`document` as editors see it: links to `drafts` lead to their previews and are marked."""
    titles = {draft.uid: draft.short_title for draft in drafts}
    marked = [replace(draft, title=_("%(title)s (not live)") % {"title": draft.title}) for draft in drafts]
    return _response(request, with_marks(document, titles), banner, marked, is_framed=True)


def shared_response(request: HttpRequest, link: PreviewLink) -> HttpResponse:
    """The version of `link` as visitors would see it."""
    document = upgraded(link.version.document)
    banner = Banner(number=link.version.number, live_number=None, until=link.expires_at)
    return _response(request, document, banner)


def _response(
    request: HttpRequest,
    document: Document,
    banner: Banner,
    drafts: Sequence[Draft] = (),
    *,
    is_framed: bool = False,
) -> HttpResponse:
    # In the language of the page, with the pages that are live beside it.
    with translation.override(document["language"]):
        page = as_live(document, timezone.now())
        pages = _among(pages_for(request), page)
        [review] = published.reviews_of([page], reviewing.today())
        context = reading.context_of(page, document, pages, review=review, also_linked=drafts)
        context |= {"preview": banner, "page_template": reading.template_of(page), "is_framed": is_framed}
        response = render(request, "content/preview.html", context)
    if not settings.HAS_PUBLIC:
        # What this surface does not answer is read on the one that does.
        response.content = _link_within_site.sub(rf"\1{settings.SITE_URL}\2", response.text).encode()
    return unkept(response)


def unkept(response: HttpResponse) -> HttpResponse:
    """`response` for one reader alone: kept by nothing, found by no search engine, and its address told to nobody."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def as_live(document: Document, since: datetime) -> LivePage:
    """`document` as lists of pages would have it if it were live since then."""
    return LivePage(
        version_id=0,
        digest=digest_of(document),
        live_since=since,
        changed_at=since,
        language=document["language"],
        slug=document["slug"],
        page_id=0,
        ends_at=None,
        **{name: document[name] for name in published.LISTED},
    )


def _among(pages: list[LivePage], page: LivePage) -> list[LivePage]:
    """`pages` with `page` at its place, instead of what is live of it."""
    others = [other for other in pages if other.uid != page.uid]
    return sorted([*others, page], key=lambda one: (one.section, one.order, one.slug))


# --- Links to pages that are not live ---------------------------------------------------------------------------------


def with_marks(document: Document, titles: dict[str, str]) -> Document:
    """`document` with a note after each link to one of the pages in `titles` (by uid), which visitors cannot follow."""
    return document | {"blocks": [_with_marks(block, titles) for block in document["blocks"]]}


def _with_marks(block: Document, titles: dict[str, str]) -> Document:
    note = _("not live: visitors see these words without a link")

    def marked(match: re.Match[str]) -> str:
        return f"{match[0]} <em>({note})</em>" if match[1] in titles else match[0]

    texts = {name: _page_anchor.sub(marked, block[name]) for name in RICH_FIELDS.get(block["type"], ())}
    if block.get("target") in titles:
        words = _("For editors: “%(title)s” is not live, so this button leads to Admissions until it is.")
        texts["text"] = f"{block['text']} ({words % {'title': titles[block['target']]}})".strip()
        texts["target"] = None
    return block | texts


# --- Shared links -----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_link(
    *, page: Page, by: AbstractUser, made_for: str, version: PageVersion | None = None, change_note: str = ""
) -> tuple[PreviewLink, str]:
    """A link to `version`, or to the draft, which is kept as a version for it; and the address, which is told once."""
    version = version or keep_version(page=page, by=by, change_note=change_note)
    token = PreviewLink.new_token()
    link = PreviewLink.objects.create(
        version=version, token_hash=PreviewLink.hash_of(token), made_for=made_for, made_by=by
    )
    return link, settings.SITE_URL + SHARED_PATH.format(token=token)
