"""What a check says: where, why, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

EXCERPT_MARGIN = 40
EXCERPT_MAX = 160


class Severity(StrEnum):
    """BLOCKS: the page cannot be published so. ADVICE: the writer decides."""

    BLOCKS = "blocks"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """`message` is one sentence or two that say how to mend it; `block_uid` None means the page's own fields, or all of
    it; `excerpt` is the text in question, "" if there is none."""

    severity: Severity
    rule: str
    message: str
    block_uid: str | None = None
    excerpt: str = ""


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT_MAX else f"{text[: EXCERPT_MAX - 1].rstrip()}…"


def around(text: str, start: int, end: int) -> str:
    """The place from `start` to `end` with whole words around it."""
    first, last = max(0, start - EXCERPT_MARGIN), min(len(text), end + EXCERPT_MARGIN)
    first = text.find(" ", first, start) + 1 if first else 0
    if last < len(text):
        last = max(end, text.rfind(" ", end, last))
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
