"""What lists and tables of the admin show: languages by name, pictures, fields with names, one form of breadcrumbs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from content import trash
from content.models import Picture, SiteSettings
from content.models.picture import url_of
from tests.content.factories import make_page
from tests.factories import make_level_of_care, make_office_hours

pytestmark = pytest.mark.django_db
PAGES = "/admin/content/page/"


def text_of(response: HttpResponse) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", response.text).split()))


def test_languages_are_filtered_by_their_names(staff_client: Client) -> None:
    make_page(title="One in English")
    assert "By language" not in text_of(staff_client.get(PAGES))
    make_page(title="Una en español", language="es")
    assert "By language All English Spanish" in text_of(staff_client.get(PAGES))
    shown = text_of(staff_client.get(f"{PAGES}?language=es"))
    assert "Una en español" in shown
    assert "One in English" not in shown


def test_an_empty_trash_says_so_and_nothing_else(staff_client: Client) -> None:
    page = make_page()
    shown = text_of(staff_client.get(f"{PAGES}?trash=yes"))
    assert "Nothing is in the trash." in shown
    assert not re.search(r"\b0 (of|pages|results)", shown)
    trash.delete(page=page, by=None)
    assert "Nothing is in the trash." not in text_of(staff_client.get(f"{PAGES}?trash=yes"))


@pytest.mark.parametrize("tail", ["", "history/", "delete/", "versions/", "change/", "preview/"])
def test_breadcrumbs_have_one_form(staff_client: Client, tail: str) -> None:
    page = make_page(title="Goals")
    shown = text_of(staff_client.get(f"{PAGES}{page.pk}/{tail}" if tail else PAGES))
    assert "Home › Pages" in shown
    assert ("Home › Pages › Goals" in shown) is bool(tail)
    assert "Content ›" not in shown


def test_other_records_have_the_same(staff_client: Client) -> None:
    shown = text_of(staff_client.get("/admin/auth/group/1/change/"))
    assert re.search(r"Home › Groups › \w+", shown)
    assert "Authentication and Authorization" not in text_of(staff_client.get("/admin/"))
    assert "People and roles" in text_of(staff_client.get("/admin/"))


def test_pictures_are_seen_where_they_are_listed_and_chosen(staff_client: Client) -> None:
    digest = "a" * 64
    Picture.objects.create(digest=digest, name="The room", width=1000, height=500)
    assert f'src="{url_of(digest, 480, "webp")}"' in staff_client.get("/admin/content/picture/").text
    assert url_of(digest, 480, "webp") in staff_client.get(f"{PAGES}{make_page().pk}/change/").text


def test_every_field_in_a_table_has_a_name(staff_client: Client) -> None:
    make_office_hours()
    level = make_level_of_care(name="Day program")
    hours = staff_client.get(f"/admin/content/sitesettings/{SiteSettings.PK}/change/").text
    levels = staff_client.get("/admin/content/levelofcare/").text
    cells = re.findall(r'<(?:input|select)[^>]*name="[a-z_]*hours-\d+-[^"]*"[^>]*>', hours)
    shown = [cell for cell in cells if 'type="hidden"' not in cell]
    assert len(shown) == 5 * 4
    assert [cell for cell in shown if "aria-label=" not in cell] == []
    assert f': {level}"' in re.search(r'<input[^>]*name="form-0-order"[^>]*>', levels)[0]
