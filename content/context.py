"""What every template may use. Lazy: a page that does not ask costs no query."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.models import OfficeHours, SiteSettings
from content.published import (
    Address,
    LivePage,
    addresses,
    language,
    live,
    live_pages,
    office_hours,
    site_settings,
)


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_settings`: SiteSettings. `site_pages`: every live page of the language, [] while the database is away.
    `office_hours`: its rows, [] likewise."""
    return {
        "site_settings": SimpleLazyObject(lambda: _once(request, "settings", site_settings)),
        "site_pages": SimpleLazyObject(lambda: _pages(request)),
        "office_hours": SimpleLazyObject(lambda: hours_for(request)),
    }


def pages_for(request: HttpRequest) -> list[LivePage]:
    """The live pages, read once a request, for views; raises DatabaseError while the database is away."""
    return _once(request, "pages", lambda: live_pages(language(), _live(request)))


def addresses_for(request: HttpRequest) -> list[Address]:
    """Those of all live pages in all languages, [] while the database is away."""
    try:
        return _once(request, "addresses", lambda: addresses(_live(request)))
    except DatabaseError:
        return []


def _live(request: HttpRequest) -> list[LivePage]:
    return _once(request, "live", live)


def settings_for(request: HttpRequest) -> SiteSettings:
    return _once(request, "settings", site_settings)


def hours_for(request: HttpRequest) -> list[OfficeHours]:
    return _once(request, "hours", _hours)


def _once(request: HttpRequest, name: str, make: Any) -> Any:
    kept: dict[str, Any] = request.__dict__.setdefault("_site_context", {})
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _pages(request: HttpRequest) -> list[LivePage]:
    try:
        return pages_for(request)
    except DatabaseError:
        return []


def _hours() -> list[OfficeHours]:
    try:
        return office_hours()
    except DatabaseError:
        return []
