"""What the public templates say in words and small pictures that need a little arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import number_format

from content import office_hours
from content.published import LivePage

register = template.Library()

# One window of the guide's row, in units of its drawing: twelve wide, sixteen apart, 22 high.
PANE_STEP = 16
PANE = "V8a6 6 0 0 1 12 0v14z"
BARS = "v20m-6-10h12"

register.filter("grouped_hours", office_hours.grouped_hours)
register.filter("zone_name", office_hours.zone_name)


@register.filter
def number_range(low: Decimal | int, high: Decimal | int) -> str:
    """3 and 4 as '3–4', 3 and 3 as '3'; Decimal('3.0') is 3, Decimal('3.5') as the language writes it."""
    first, last = _plain(low), _plain(high)
    return first if first == last else f"{first}–{last}"


def _plain(value: Decimal | int) -> str:
    # format 'f', because Decimal('10').normalize() is 1E+1
    return number_format(format(Decimal(value).normalize(), "f"))


@register.filter
def in_menu(pages: Iterable[LivePage]) -> list[LivePage]:
    return [page for page in pages if page.is_in_menu]


@register.filter
def in_section(pages: Iterable[LivePage], section: str) -> list[LivePage]:
    return [page for page in pages if page.section == section]


@register.simple_tag
def words_per_minute() -> int:
    return settings.READING_WORDS_PER_MINUTE


@register.inclusion_tag("content/_guide_window.html")
def guide_window(chapters: Sequence[LivePage], page: LivePage) -> dict[str, Any]:
    """A row of windows, one a chapter, lit up to and including `page`; nothing for a page outside of them."""
    part = chapters.index(page) + 1 if page in chapters else 0
    starts = [number * PANE_STEP + 1 for number in range(len(chapters))]
    return {
        "part": part,
        "total": len(chapters),
        "width": len(chapters) * PANE_STEP - 2,
        "lit": "".join(f"M{x} 22{PANE}" for x in starts[:part]),
        "lines": "".join(f"M{x} 22{PANE}m6-20{BARS}" for x in starts),
    }
