"""The site's own error pages: the crisis line, the telephone, and what to do next, also when the database is away."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from content.context import site

TITLES_AND_TEXTS = {
    400: (
        _("We could not read that request"),
        _("Something in it was not as our site expects. Go back and try again."),
    ),
    403: (
        _("This page is not open to you"),
        _("You may need to sign in, or your account may not have this permission."),
    ),
    404: (
        _("We could not find that page"),
        _("It may have moved, or the address may have a letter too many."),
    ),
    405: (
        _("That does not work at this address"),
        _("Pages can be read here, and forms sent from our own pages. Go back and try again."),
    ),
    413: (
        _("That was more than we can take in"),
        _("Your text is probably still in your browser: press Back to get to it, make it shorter, and send it again."),
    ),
    415: (
        _("We could not read what was sent"),
        _("Your text is probably still in your browser: press Back to get to it, reload the page, and send it again."),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It is not your fault, and nothing you do will make it worse. Try again in a few minutes."),
    ),
    503: (
        _("The site is resting for a moment"),
        _("Try again in a few minutes."),
    ),
}

# Said only when they are true: a staff surface has no guide, a new site no telephone.
GUIDE_BELOW = _("The guide below may have what you need.")
CALL_US = _("Or call us: people answer the telephone even when the site does not.")


# SQLSTATE of PostgreSQL for a write to a server that takes none, such as a replica; psycopg2 calls it an InternalError.
READ_ONLY = "25006"


def is_database_away(error: BaseException | None) -> bool:
    """Whether `error`, or what it came of, is that the database does not answer, or takes no writes: no fault of ours,
    and it will pass."""
    return any(
        isinstance(cause, (OperationalError, InterfaceError)) or getattr(cause, "pgcode", None) == READ_ONLY
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Itself first, each once: what is raised again later may stand in a circle."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def error_page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The page for `status`; `title` and `text` in `context` replace its usual words."""
    title, text = TITLES_AND_TEXTS[status]
    if status == 404 and settings.HAS_PUBLIC and site(request)["site_pages"]:
        text = f"{text} {GUIDE_BELOW}"
    if status in {400, 405, 413, 415, 500, 503} and site(request)["site_settings"].telephone_link:
        text = f"{text} {CALL_US}"
    response = render(request, "error.html", {"title": title, "text": text, "status": status} | context, status=status)
    response.headers["Cache-Control"] = "no-store"
    # The address may hold what somebody searched for, or the secret of a link.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # A session that cannot be written looks to Django like one that was deleted meanwhile.
    return error_page(request, 503 if is_database_away(exception) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 503 if is_database_away(sys.exc_info()[1]) else 500)


# Their forms are kept in the browser tab when they are sent (static/js/editor-unsaved.js).
KEPT_IN_TAB = {"content_page_add", "content_page_change"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Of staff alone: no form of a visitor has that proof (malformed.py). Mostly the login ended, or began anew in
    another tab, since the form was opened."""
    from django.contrib import admin

    came_from = _staff_page_before(request)
    context = admin.site.each_context(request) | {
        "title": _("Nothing was saved yet"),
        "is_kept": _name_of(came_from) in KEPT_IN_TAB,
        "came_from": came_from,
    }
    response = render(request, "admin/csrf_failure.html", context, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _staff_page_before(request: HttpRequest) -> str:
    """The address in the admin that the form was on, as the browser says; else the desk."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        parts = urlsplit("")
    if parts.netloc != request.get_host() or not parts.path.startswith("/admin/"):
        return reverse("admin:index")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _name_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).url_name
    except Resolver404:
        return None
