from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from content.help import PAGES, html_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PAGES)
def test_staff_read_the_docs_page_in_the_admin(staff_client: Client, name: str) -> None:
    response = staff_client.get(reverse("help", args=[name]))
    assert response.status_code == 200
    assert str(PAGES[name]) in response.text


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_of_a_docs_page_is_there(name: str) -> None:
    text = (settings.BASE_DIR / "docs" / f"{name}.md").read_text()
    for image in re.findall(r"\(images/([^)]+)\)", text):
        assert (settings.BASE_DIR / "docs" / "images" / image).exists(), image


def test_visitors_are_led_to_the_login(client: Client) -> None:
    response = client.get(reverse("help", args=["editors"]))
    assert response["Location"].startswith(reverse("admin:login"))


def test_a_page_that_is_not_there_is_not_found(staff_client: Client) -> None:
    assert staff_client.get("/admin/help/secrets/").status_code == 404


def test_markdown_becomes_clean_html() -> None:
    html = html_of("# Title\n\nA **b** <script>alert(1)</script>\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    assert "<strong>b</strong>" in html
    assert "<td>1</td>" in html
    assert "script" not in html
    assert "Title" not in html


@pytest.mark.parametrize("name", PAGES)
def test_the_admin_links_to_it(staff_client: Client, name: str) -> None:
    assert reverse("help", args=[name]) in staff_client.get(reverse("admin:index")).text
