"""What the public templates say in words and small pictures that need a little arithmetic."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from datetime import time
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext_lazy as _

from content import office_hours
from content.published import LivePage

register = template.Library()

# The guide's parts on the front page: a chapter belongs to one by the hundred of its order, the last has the rest.
PART = 100
PARTS = (_("What it is, and what you do there"), _("How it fits your life"), _("Starting, and what comes after"))

# One window of the guide's row, in units of its drawing: twelve wide, sixteen apart, 22 high.
PANE_STEP = 16
ROW_STEP = 32
IN_A_ROW = 12
PANE = "v-14a6 6 0 0 1 12 0v14z"
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
def clock(value: time) -> str:
    """A time of day as the language writes it, in one piece: '9 a.m.', '15:30'."""
    return time_format(value, "TIME_FORMAT").replace(" ", "\u00a0")


@register.filter
def in_menu(pages: Iterable[LivePage]) -> list[LivePage]:
    return [page for page in pages if page.is_in_menu]


@register.filter
def in_section(pages: Iterable[LivePage], section: str) -> list[LivePage]:
    return [page for page in pages if page.section == section]


@register.filter
def in_parts(chapters: Iterable[LivePage]) -> list[tuple[str, list[LivePage]]]:
    """`chapters` in order under the title of their part; one part without a title where all belong to the same."""
    parts = [(number, list(run)) for number, run in itertools.groupby(chapters, key=_part_of)]
    return [(str(PARTS[number]) if len(parts) > 1 else "", run) for number, run in parts]


def _part_of(page: LivePage) -> int:
    return min(page.order // PART, len(PARTS) - 1)


@register.simple_tag
def words_per_minute() -> int:
    return settings.READING_WORDS_PER_MINUTE


@register.inclusion_tag("content/_leave.html")
def leave_quickly() -> dict[str, str | None]:
    return {"url": settings.LEAVE_URL, "host": urlsplit(settings.LEAVE_URL).hostname}


@register.inclusion_tag("content/_guide_window.html")
def guide_window(chapters: Sequence[LivePage], page: LivePage) -> dict[str, Any]:
    """Rows of windows, one a chapter, lit up to and including `page`; nothing for a page outside of them."""
    part, total = (chapters.index(page) + 1 if page in chapters else 0), len(chapters)
    rows = math.ceil(total / IN_A_ROW) or 1
    in_a_row = math.ceil(total / rows)
    starts = [(n % in_a_row * PANE_STEP + 1, n // in_a_row * ROW_STEP + 22) for n in range(total)]
    width = in_a_row * PANE_STEP - 2
    return {
        "part": part,
        "total": total,
        "width": width,
        "height": (rows - 1) * ROW_STEP + 25,
        "lit": "".join(f"M{x} {y}{PANE}" for x, y in starts[:part]),
        "lines": "".join(f"M{x} {y}{PANE}m6-20{BARS}" for x, y in starts),
        "sills": "".join(f"M0 {row * ROW_STEP + 23.5}h{width}" for row in range(rows)),
    }
