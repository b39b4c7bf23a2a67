"""What every template may use. Lazy: a page that does not ask costs no query."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from content.models import SiteSettings


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": SimpleLazyObject(SiteSettings.load)}
