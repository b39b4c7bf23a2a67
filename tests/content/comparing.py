"""Small documents to compare, and comparisons written on one line."""

from __future__ import annotations

from typing import Any

from content.compare import FieldChange, Segment

GOALS, BENEFITS = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
TITLES = {GOALS: "Goals", BENEFITS: "Benefits"}


def document(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"schema": 1, "uid": "page", "title": "A title"} | fields | {"blocks": list(blocks)}


def text(uid: str, body: str) -> dict[str, Any]:
    return {"type": "rich_text", "uid": uid, "body": body}


def texts(uids: str) -> list[dict[str, Any]]:
    return [text(uid, f"<p>Words of {uid}.</p>") for uid in uids]


def shown(field: FieldChange) -> str:
    """“kept [-deleted-] [+inserted+]”."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "[+{}+]"}
    return "".join(signs[segment.kind].format(segment.text) for segment in field.segments)


def sides(segments: tuple[Segment, ...]) -> tuple[str, str]:
    old = "".join(segment.text for segment in segments if segment.kind != "insert")
    return old, "".join(segment.text for segment in segments if segment.kind != "delete")
