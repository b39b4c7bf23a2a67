"""'Leave this page': where it stands, where it goes, and what those pages tell caches and other sites."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from content.models import Page
from content.publishing import publish
from tests.content.factories import make_live_page, make_page, make_site_settings
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db


def links_of(text: str) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]+)"', text.partition("<body")[2])


@pytest.mark.parametrize("path", ["/crisis/", "/which-level/", "/which-level/?a=3", "/admissions/"])
def test_it_comes_after_the_crisis_lines_and_before_everything_else(client: Client, settings: Any, path: str) -> None:
    make_site_settings()
    settings.LEAVE_URL = "https://weather.example/today"
    response = client.get(path)
    assert links_of(response.text)[:5] == ["tel:988", "sms:988", "tel:911", "https://weather.example/today", "#content"]
    assert "weather.example in place" in response.text
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_form_with_errors_and_the_confirmation_have_it_too(client: Client) -> None:
    enquiry = make_enquiry()
    for response in (client.post("/admissions/", {}), client.get(f"/admissions/received/{enquiry.reference}/")):
        assert "Leave this page" in response.text


def test_a_page_has_it_where_the_published_version_says_so(client: Client, settings: Any) -> None:
    page = make_page(slug="goals", can_leave_quickly=True)
    publish(page=page, by=None)
    Page.objects.filter(pk=page.pk).update(can_leave_quickly=False)
    response = client.get("/goals/")
    assert settings.LEAVE_URL in links_of(response.text)
    assert "js/leave" in response.text
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


def test_what_is_made_of_such_a_page_is_kept_private_as_well(client: Client) -> None:
    make_site_settings()
    publish(page=make_page(slug="goals", can_leave_quickly=True), by=None)
    make_live_page(slug="schedule")
    for path in ("/goals/changes/", "/guide/print/?pages=goals,schedule", "/guide/print/"):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "Leave this page" in response.text
    for path in ("/schedule/changes/", "/guide/print/?pages=schedule"):
        assert "no-store" not in client.get(path).get("Cache-Control", "")


def test_other_pages_have_nothing_of_it(client: Client) -> None:
    make_live_page(slug="goals")
    response = client.get("/goals/")
    assert "Leave this page" not in response.text
    assert "js/leave" not in response.text
    assert "no-store" not in response.get("Cache-Control", "")
