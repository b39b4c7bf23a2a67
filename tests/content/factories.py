"""Pages and blocks for tests: plain functions with working defaults."""

from __future__ import annotations

import itertools
from typing import Any

from content.blocks import Block
from content.models import Page, Publication, RichText, SiteSettings
from content.publishing import publish

_numbers = itertools.count(1)


def make_page(*, blocks: int = 1, **fields: Any) -> Page:
    """A saved draft with `blocks` text blocks."""
    number = next(_numbers)
    defaults = {
        "slug": f"page-{number}",
        "title": f"Page {number}",
        "summary": f"The short answer of page number {number}.",
        "order": number,
    }
    page = Page.objects.create(**(defaults | fields))
    for _ in range(blocks):
        add_block(page, RichText, body="<h2>What happens</h2><p>You come in and sit down.</p>")
    return page


def add_block(page: Page, model: type[Block], **fields: Any) -> Block:
    """A block after those of its kind that the page has; give `ordering` where kinds are mixed."""
    ordering = fields.pop("ordering", None) or 10 * next(_numbers)
    return model.objects.create(parent=page, region="main", ordering=ordering, **fields)


def make_live_page(**fields: Any) -> Page:
    page = make_page(**fields)
    publish(page=page, by=None)
    return page


def live_publication(page: Page) -> Publication:
    return Publication.objects.live().get(page=page)


def make_site_settings(**fields: Any) -> SiteSettings:
    defaults = {
        "organisation_name": "Lantern Test IOP",
        "telephone": "+16175550142",
        "email": "hello@example.org",
        "time_zone": "America/New_York",
        "emergency_wording": "If you are in danger, do not wait for us.",
        "notify_email": "desk@example.org",
    }
    return SiteSettings.objects.create(pk=SiteSettings.PK, **(defaults | fields))
