"""`{% site_health %}`: how the site is, at the top of a page of the staff's."""

from __future__ import annotations

from typing import Any

from django import template

from iop_site.site_health import lines

register = template.Library()


@register.inclusion_tag("admin/_site_health.html")
def site_health() -> dict[str, Any]:
    return {"lines": lines()}
