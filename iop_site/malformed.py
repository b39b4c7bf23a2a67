"""Refuses what no form of the site sends, before any view reads it, with the site's own page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from iop_site.body_limits import MOST_BYTES, MOST_BYTES_GIVEN_BACK, STAFF, most_bytes_read
from iop_site.errors import error_page

# Which of them an address has is for its view to say.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
URL_ENCODED = "application/x-www-form-urlencoded"
FORMS = {URL_ENCODED, "multipart/form-data"}


class MalformedMiddleware:
    """Sets `is_too_large` on a request to a public address. It is true for an enquiry alone, which the view then
    answers with a 413 and the filled form; what is larger still, or was sent elsewhere, is not read.

    Of what is sent to staff pages the size alone is looked at: they have Django's limits.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = (staff_refusal if request.path_info.startswith(STAFF) else refusal)(request)
        if status:
            return _refused(request, status, ", ".join(METHODS))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return _refused(request, HTTPStatus.METHOD_NOT_ALLOWED, response.headers.get("Allow", ""))
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any) -> HttpResponse | None:
        """Before Django asks for a proof that visitors cannot have, as they have no cookie: where they may send a form,
        its view is exempt (admissions/views/create.py)."""
        is_staffs = request.path_info.startswith(STAFF)
        if request.method == "POST" and not is_staffs and not getattr(view, "csrf_exempt", False):
            return _refused(request, HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD")
        return None


def staff_refusal(request: HttpRequest) -> HTTPStatus | None:
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length_of(request) > most_bytes_read(STAFF) else None


def refusal(request: HttpRequest) -> HTTPStatus | None:
    if request.method not in METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED
    length = length_of(request)
    request.is_too_large = length > MOST_BYTES
    if length > (MOST_BYTES_GIVEN_BACK if _is_enquiry(request) else MOST_BYTES):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if length and request.content_type not in FORMS:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    return None if not length or _is_utf8(request) else HTTPStatus.BAD_REQUEST


def length_of(request: HttpRequest) -> int:
    """Bytes of the body as the request says; without a word of it there is none (RFC 9112, 6.3)."""
    value = str(request.META.get("CONTENT_LENGTH") or "")
    return int(value) if value.isascii() and value.isdigit() else 0


def _is_enquiry(request: HttpRequest) -> bool:
    """Or what its visitor adds later, by the private link."""
    is_sent = settings.HAS_PUBLIC and request.method == "POST"
    form = reverse("admissions:enquiry_create") if is_sent else ""
    return is_sent and (request.path_info == form or request.path_info.startswith(f"{form}mine/"))


def _is_utf8(request: HttpRequest) -> bool:
    """Whether every name and value is; Django would put question marks into what a person wrote."""
    body = unquote_to_bytes(request.body) if request.content_type == URL_ENCODED else request.body
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refused(request: HttpRequest, status: HTTPStatus, allowed: str) -> HttpResponse:
    page = error_page(request, status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        page.headers["Allow"] = allowed
    return page
