from __future__ import annotations

import io
import json
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from content.findable import drawing
from content.models import SiteSettings, SiteText
from tests.content.factories import make_live_page, make_site_settings


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def path_of_image(client: Client, path: str = "/") -> str:
    [address] = re.findall(r'<meta property="og:image" content="([^"]+)">', client.get(path).text)
    assert address.startswith(site.SITE_URL)
    return urlsplit(address).path


@pytest.mark.django_db
def test_a_page_names_a_picture_that_is_kept_for_ever(client: Client) -> None:
    make_live_page(slug="home")
    response = client.get(path_of_image(client))
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)


@pytest.mark.django_db
def test_it_is_drawn_once_for_a_name_and_an_earlier_one_stays(client: Client, monkeypatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(drawing, "share_image", lambda name: drawn.append(name) or Image.new("1", (8, 8)))
    make_live_page(slug="home")
    make_site_settings(organisation_name="Lantern")
    first = path_of_image(client)
    assert client.get(first).content == client.get(first).content
    SiteSettings.objects.update(organisation_name="Harbor")
    second = path_of_image(client)
    assert second != first
    assert client.get(second).status_code == client.get(first).status_code == 200
    assert drawn == ["Lantern", "Harbor"]
    assert len(default_storage.listdir("")[1]) == 2


@pytest.mark.django_db
def test_a_language_in_which_the_program_has_a_name_has_a_picture_of_its_own(client: Client) -> None:
    for language in ("en", "es"):
        make_live_page(slug="home", language=language)
    SiteText.objects.create(
        site=make_site_settings(), language="es", organisation_name="Farol", emergency_wording="No espere."
    )
    english, spanish = path_of_image(client), path_of_image(client, "/es/")
    assert english != spanish
    assert client.get(english).content != client.get(spanish).content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f..%2fsite"])
def test_no_other_name_is_drawn(client: Client, name: str) -> None:
    assert client.get(f"/share/{name}.png").status_code == 404
    assert default_storage.listdir("")[1] == []


@pytest.mark.parametrize("name", ["Lantern", "Lantern " * 10, "W" * 80, "Fenêtre del Año", "希望", ""])
def test_any_name_can_be_drawn(name: str) -> None:
    """A name that does not fit, or has letters that the font has not, is left out rather than shown wrong."""
    without = drawing.share_image("")
    is_drawn = drawing.share_image(name).tobytes() != without.tobytes()
    assert is_drawn == (name not in {"W" * 80, "希望", ""})


@pytest.mark.django_db
def test_the_manifest_has_the_name_and_icons_of_the_size_it_says(client: Client) -> None:
    make_site_settings(organisation_name="Lantern Test IOP")
    response = client.get("/site.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    data = json.loads(response.content)
    assert data["name"] == "Lantern Test IOP"
    assert {(icon["sizes"], icon["purpose"]) for icon in data["icons"]} >= {("192x192", "any"), ("512x512", "maskable")}
    for icon in data["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
            assert "{}x{}".format(*image.size) == icon["sizes"]


@pytest.mark.parametrize(("path", "size"), [("/favicon.ico", (48, 48)), ("/apple-touch-icon.png", (180, 180))])
def test_browsers_find_icons_at_the_root(client: Client, path: str, size: tuple[int, int]) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).size == size
