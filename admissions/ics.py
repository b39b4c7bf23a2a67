"""A call in a calendar (RFC 5545) that says nothing about who calls whom, or why. Imports no models."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

CONTENT_TYPE = "text/calendar; charset=utf-8"
# RFC 5545, 3.1: a longer line is folded; counted without its line break.
LINE_OCTETS = 75
_SALT = "admissions.ics"


def event(starts_at: datetime, minutes: int, *, of: str) -> bytes:
    """The whole file, in this request's language. `of`: a reference, of which only a keyed digest is in the file: the
    same call is taken in once, and one at another time takes the place of the one before."""
    summary, now = _escaped(_("Phone call")), timezone.now()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        # RFC 5545, 3.7.3, wants a product; a name would tell whose.
        "PRODID:-//Calendar//EN",
        "BEGIN:VEVENT",
        f"UID:{_identifier(of)}",
        # The newer of two files with this identifier holds (RFC 5545, 3.8.7.4).
        f"SEQUENCE:{int(now.timestamp()) // 60}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(starts_at + timedelta(minutes=minutes))}",
        f"SUMMARY:{summary}",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{summary}",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _identifier(reference: str) -> uuid.UUID:
    """RFC 7986, 5.3, wants one that is as good as random, and tells nobody anything."""
    return uuid.UUID(bytes=salted_hmac(_SALT, reference, algorithm="sha256").digest()[:16], version=4)


def folded(line: str) -> str:
    """`line` with a break before what would make it longer than LINE_OCTETS; no character is cut in two."""
    parts, room = [""], LINE_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            # The space that begins the next line counts there.
            parts.append("")
            room = LINE_OCTETS - 1
        parts[-1] += character
        room -= size
    return "\r\n ".join(parts)


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
