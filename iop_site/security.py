"""Security headers on every response, admin and public alike; who may keep a copy of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from iop_site import csp

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
# RFC 5861: after a minute caches ask again; while the site is away they may go on with what they have for a day.
PUBLIC_CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
# For pages that somebody may read in secret.
PRIVATE_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def kept_private(response: HttpResponse) -> HttpResponse:
    """`response`, kept by no cache; and no other page learns that its reader comes from there."""
    for name, value in PRIVATE_HEADERS.items():
        response.headers[name] = value
    return response


def private_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whatever `view` answers is kept private."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return kept_private(view(request, *args, **kwargs))

    return wrapper


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Everybody may have what `view` answers, and caches may keep it, unless the answer itself says otherwise.

    The memory in front of Django (content/published/layer.py) goes by that as well: it must depend on nothing but the
    address, and what is live.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.OK:
            response.headers.setdefault("Cache-Control", PUBLIC_CACHE_CONTROL)
        return response

    return wrapper


class SecurityHeadersMiddleware:
    """Sets what Django's SecurityMiddleware does not; a view may set a stricter header itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_staff_page = request.path.startswith("/admin/")
        response.headers.setdefault(
            "Content-Security-Policy", csp.staff_header(response) if is_staff_page else csp.header(csp.PUBLIC)
        )
        response.headers.setdefault(
            "Referrer-Policy", "same-origin" if is_staff_page else "strict-origin-when-cross-origin"
        )
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
