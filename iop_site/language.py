"""The language of an answer is in its address, and nowhere else: no cookie, no guess by the browser's settings."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language_of(path: str) -> str:
    """The code that begins `path`, such as 'es' of /es/teens/; the site's first language has none."""
    prefix = path.split("/", 2)[1] if path.startswith("/") else ""
    is_other = prefix != settings.LANGUAGE_CODE and prefix in dict(settings.LANGUAGES)
    return prefix if is_other else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Django's LocaleMiddleware would read a cookie, ask the browser, and vary each page by what that says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of(request.path_info)):
            return self.get_response(request)
