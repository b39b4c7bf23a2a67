"""Whole addresses, for those who read the site from elsewhere: by SITE_URL, never by the name a request came with."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """`path` begins with a slash."""
    return f"{settings.SITE_URL}{path}"
