"""Security headers on every response, admin and public alike."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PUBLIC_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The editor's import map and inline styles need hashes before script-src and style-src can be closed here as well.
STAFF_CSP = "object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

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
        response.headers.setdefault("Content-Security-Policy", STAFF_CSP if is_staff_page else PUBLIC_CSP)
        response.headers.setdefault(
            "Referrer-Policy", "same-origin" if is_staff_page else "strict-origin-when-cross-origin"
        )
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
