"""Staff read and write times in the zone that SiteSettings names."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from content.context import settings_for


class StaffTimeZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)

        with timezone.override(settings_for(request).zone):
            response = self.get_response(request)
            # A template response is rendered later, outside this block, unless it is rendered here.
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            return response
