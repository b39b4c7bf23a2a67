from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import translation

from admissions import ics

REFERENCE = "23456789"
AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def lines_of(file: bytes) -> list[str]:
    """Unfolded, as RFC 5545, 3.1, has it."""
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    return file.decode().replace("\r\n ", "").split("\r\n")[:-1]


@time_machine.travel("2026-11-24T20:15:30Z", tick=False)
def test_a_calendar_takes_it_and_learns_nothing_of_whom_it_is_from() -> None:
    lines = lines_of(ics.event(AT, 30, of=REFERENCE))
    uid = lines.pop(4)
    assert re.fullmatch(r"UID:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uid)
    # All there is: no name, organisation, number, reference or address.
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calendar//EN",
        "BEGIN:VEVENT",
        "SEQUENCE:29925855",
        "DTSTAMP:20261124T201530Z",
        "DTSTART:20261125T140000Z",
        "DTEND:20261125T143000Z",
        "SUMMARY:Phone call",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Phone call",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def uid_and_sequence(reference: str) -> tuple[str, int]:
    lines = lines_of(ics.event(AT, 30, of=reference))
    return lines[4], int(lines[5].removeprefix("SEQUENCE:"))


def test_a_newer_one_of_the_same_call_takes_the_place_of_the_one_before() -> None:
    with time_machine.travel("2026-11-24T20:15:30Z", tick=False):
        before = uid_and_sequence(REFERENCE)
    with time_machine.travel("2026-11-24T20:17:00Z", tick=False):
        after = uid_and_sequence(REFERENCE)
    assert before[0] == after[0]
    assert before[1] < after[1] < 2**31


def test_those_of_two_messages_have_nothing_in_common_and_no_reference(settings: Any) -> None:
    uid, _sequence = uid_and_sequence(REFERENCE)
    assert uid != uid_and_sequence("98765432")[0]
    assert REFERENCE.encode() not in ics.event(AT, 30, of=REFERENCE)
    # Nor can anybody find the reference by trying all of them.
    settings.SECRET_KEY = "another"
    assert uid != uid_and_sequence(REFERENCE)[0]


def test_the_title_is_in_the_language_of_the_page_and_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ics, "_", lambda text: {"en": text, "es": "Llamada; a las 10, \\ hoy"}[translation.get_language()]
    )
    with translation.override("es"):
        assert r"SUMMARY:Llamada\; a las 10\, \\ hoy" in lines_of(ics.event(AT, 30, of=REFERENCE))


@pytest.mark.parametrize("text", ["", "SUMMARY:short", "x" * 75, "x" * 76, "é" * 200, "x😀" * 60])
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text: str) -> None:
    parts = ics.folded(text).encode().split(b"\r\n")
    assert all(len(part) <= 75 for part in parts)
    assert len(parts) == 1 or len(parts[0]) > 71
    assert b"".join([parts[0], *(part[1:] for part in parts[1:])]).decode() == text
    assert all(part.startswith(b" ") and part.decode() for part in parts[1:])
