"""Security headers on every response, admin and public alike."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from iop_site import csp

HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}


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
