"""Security headers on every response, admin and public alike; stricter ones for what is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from iop_site import csp

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
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
