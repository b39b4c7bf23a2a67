"""Handouts: which pages are put together for paper, and the QR code of where they are read online."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from django.http import QueryDict

from content.published import Address, LivePage

# A longer one makes squares too small for a telephone's camera at the printed size; a QR code takes about 2,300.
LONGEST_QUERY = 300
# What the standard asks to be left white on each side, in squares (ISO/IEC 18004, 9.1).
QUIET_ZONE = 4


@dataclass(frozen=True)
class Handout:
    """`pages` in the order of the site; `left_out`: how many wanted ones are not live in this language."""

    pages: list[LivePage]
    left_out: int


@dataclass(frozen=True)
class QrCode:
    """`size`: squares on a side, the white around it included. `path`: an SVG path of its dark squares, to be stroked
    one square wide."""

    address: str
    size: int
    path: str


def handout_of(query: QueryDict, pages: list[LivePage], addresses: Iterable[Address]) -> Handout | None:
    """What `?pages=one,two` or `?pages=one&pages=two` asks for; None where it asks for no choice of pages at all. By
    `addresses` a page may be named as in another language: whoever changes the language by hand keeps the choice."""
    if "pages" not in query:
        return None
    wanted = {slug for value in query.getlist("pages") for slug in value.split(",") if slug}
    originals = {address.slug: address.original for address in addresses if address.slug in wanted}
    originals |= {page.slug: page.original for page in pages if page.slug in wanted}
    chosen = [page for page in pages if page.original in originals.values()]
    here = {page.original for page in chosen}
    return Handout(chosen, left_out=sum(originals.get(slug) not in here for slug in wanted))


def path_of(handout: Handout | None, whole_guide: str) -> str:
    """Where what is on paper is read online: a page alone at its own address, several together, and in place of so many
    that no code could hold them, the whole guide."""
    if handout is None:
        return whole_guide
    if len(handout.pages) == 1:
        return handout.pages[0].path
    query = urlencode({"pages": ",".join(page.slug for page in handout.pages)}, safe=",")
    return f"{whole_guide}?{query}" if len(query) <= LONGEST_QUERY else whole_guide


def qr_code(address: str) -> QrCode:
    rows = list(segno.make_qr(address, error="m").matrix_iter(border=QUIET_ZONE))
    return QrCode(address, len(rows), "".join(_runs(row, y) for y, row in enumerate(rows)))


def _runs(row: bytes, y: int) -> str:
    """The dark squares of row `y` as horizontal strokes."""
    parts, x = [], 0
    while x < len(row):
        length = next((end for end in range(x, len(row)) if row[end] != row[x]), len(row)) - x
        if row[x]:
            parts.append(f"M{x} {y}.5h{length}")
        x += length
    return "".join(parts)
