from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from content.models import SiteSettings
from tests.content.factories import make_site_settings

pytestmark = pytest.mark.django_db


def main_of(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def test_the_lines_come_first_and_can_be_called(client: Client) -> None:
    make_site_settings()
    links = re.findall(r'href="([^"]+)"', main_of(client.get("/crisis/").text))
    assert links[:3] == ["tel:911", "tel:988", "sms:988"]


def test_spanish_readers_are_told_how_988_answers_them(client: Client) -> None:
    assert "AYUDA" in main_of(client.get("/crisis/").text)


def test_it_is_shown_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **options: Any) -> None:
        raise OperationalError("secret")

    monkeypatch.setattr(SiteSettings, "load", away)
    monkeypatch.setattr("content.context.live", away)
    monkeypatch.setattr("content.context.addresses", away)
    monkeypatch.setattr("content.context.OfficeHours.objects", type("Away", (), {"all": staticmethod(away)}))
    response = client.get("/crisis/")
    assert response.status_code == 200
    assert "tel:988" in main_of(response.text)
    assert "secret" not in response.text


def test_it_is_kept_nowhere(client: Client) -> None:
    response = client.get("/crisis/")
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
