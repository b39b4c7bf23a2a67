from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client


def lines_of(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.text.splitlines()


def test_robots_may_read_everything_but_what_is_of_no_use_to_them(client: Client, settings) -> None:
    settings.SITE_URL = "https://www.example.com"
    lines = lines_of(client, "/robots.txt")
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /search/", "Disallow: /es/search/", "Disallow: /preview/"} < set(lines)
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: https://www.example.com/sitemap.xml"


def test_robots_may_read_nothing_of_a_staff_surface(client: Client, settings) -> None:
    settings.HAS_PUBLIC = False
    assert lines_of(client, "/robots.txt") == ["User-agent: *", "Disallow: /"]


def test_security_txt_says_whom_to_tell(client: Client, settings) -> None:
    """RFC 9116: Contact and Expires are required, and Expires is less than a year ahead."""
    settings.SITE_URL = "https://www.example.com"
    settings.SECURITY_CONTACT = "mailto:security@example.com"
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        fields = dict(line.split(": ", 1) for line in lines_of(client, "/.well-known/security.txt"))
    assert fields["Contact"] == "mailto:security@example.com"
    assert fields["Canonical"] == "https://www.example.com/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en, es"
    assert timedelta() < datetime.fromisoformat(fields["Expires"]) - now < timedelta(days=365)


@pytest.mark.django_db
def test_security_txt_is_not_there_while_nobody_is_named(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
