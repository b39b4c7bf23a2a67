"""After going back to an older release, what the later one wrote is not shown, and the site stays up."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from content import documents, previews
from content.models import Page
from tests.content.desk import make_member
from tests.content.factories import make_live_page

pytestmark = pytest.mark.django_db
LATER = "was written by a later release of this software"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """Live, and this process is of an older release."""
    page = make_live_page(slug="goals", title="The goals", section=Page.Section.GUIDE)
    monkeypatch.setattr(documents, "SCHEMA", documents.SCHEMA - 1)
    return page


@pytest.mark.parametrize("path", ["/goals/", "/guide/print/"])
def test_a_live_page_is_asked_for_again_later(
    page: Page, client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="content"):
        response = client.get(path)
    assert response.status_code == 503
    assert "The site is resting for a moment" in response.text
    assert [record.exc_info for record in caplog.records if LATER in record.message] == [None]


def test_a_shared_preview_is_not_open(page: Page, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _link, address = previews.make_link(page=page, by=make_member(), made_for="Dr. Rivera", version=page.versions.get())
    path = address.removeprefix("http://127.0.0.1:8000")
    response = client.get(path)
    assert response.status_code == 404
    assert response.text == client.get("/preview/unknown/").text
    assert response["Cache-Control"] == "no-store"
    assert [record.exc_info for record in caplog.records if LATER in record.message] == [None]
    assert path not in caplog.text.replace(f"Not Found: {path}", "")
