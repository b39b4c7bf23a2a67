"""What machines ask for first: /robots.txt, and /.well-known/security.txt for who finds a hole."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.findable.addresses import absolute
from iop_site.security import public_page

# RFC 9116, 2.5.5: less than a year. As long as the site answers, so does whoever runs it.
SECURITY_TEXT_HOLDS = timedelta(days=180)


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309. It hides nothing: it says what is of no use to search engines."""
    if not settings.HAS_PUBLIC:
        return _text(["User-agent: *", "Disallow: /"])
    others = [f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    searches = [f"Disallow: {prefix}/search/" for prefix in ("", *others)]
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /preview/", *searches]
    return _text([*lines, "", f"Sitemap: {absolute(reverse('sitemap'))}"])


@public_page
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116; 404 while nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return _text(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {midnight + SECURITY_TEXT_HOLDS:%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
            f"Canonical: {absolute(reverse('security_txt'))}",
        ]
    )


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
