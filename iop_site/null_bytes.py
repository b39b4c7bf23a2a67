"""Refuses an address whose query holds a null byte: PostgreSQL cannot compare one with anything."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class NullBytesMiddleware:
    """A 400 before any view asks; what is sent in a form is refused by its fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A null byte in the query.")
        return self.get_response(request)
