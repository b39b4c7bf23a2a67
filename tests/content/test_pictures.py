from __future__ import annotations

import io
import os
import random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as PillowImage

from content import pictures
from content.models import Picture
from content.models.picture import WIDTHS, file_name, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def image_file(size: tuple[int, int] = (40, 30), file_format: str = "JPEG", **options: object) -> io.BytesIO:
    file = io.BytesIO()
    PillowImage.new("RGB", size, "#f2b84b").save(file, file_format, **options)
    file.seek(0)
    return file


def store(file: io.BytesIO) -> Picture:
    return pictures.store(file, size=len(file.getvalue()), name="room.jpg")


def stored(picture: Picture, width: int, file_format: str) -> bytes:
    with default_storage.open(file_name(picture.digest, width, file_format)) as file:
        return file.read()


@pytest.mark.parametrize(("file_format", "magic"), [("webp", b"WEBP"), ("avif", b"avif")])
def test_an_upload_is_kept_under_the_name_of_its_content(client: Client, file_format: str, magic: bytes) -> None:
    picture = store(image_file())
    response = client.get(url_of(picture.digest, 40, file_format))
    assert response["Content-Type"] == f"image/{file_format}"
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response.streaming_content)[8:12] == magic


def test_a_wide_picture_is_kept_in_three_widths() -> None:
    picture = store(image_file((3200, 1000)))
    assert (picture.width, picture.height) == (1600, 500)
    assert [PillowImage.open(io.BytesIO(stored(picture, width, "webp"))).size for width in WIDTHS] == [
        (480, 150),
        (960, 300),
        (1600, 500),
    ]


def test_a_small_picture_is_not_made_larger() -> None:
    assert len(store(image_file((500, 100))).file_names()) == 4


def test_a_stored_file_is_never_written_again() -> None:
    picture = store(image_file())
    path = default_storage.path(picture.file_names()[0])
    before = os.stat(path).st_mtime_ns
    store(image_file())
    assert os.stat(path).st_mtime_ns == before
    assert len(os.listdir(default_storage.location)) == 2


def test_the_same_picture_twice_is_one() -> None:
    assert store(image_file()) == store(image_file())
    assert Picture.objects.count() == 1


def test_what_the_camera_added_is_gone() -> None:
    exif = PillowImage.Exif()
    exif[0x010E] = "taken at home"
    picture = store(image_file(exif=exif.tobytes()))
    for file_format in ("webp", "avif"):
        data = stored(picture, 40, file_format)
        assert b"taken at home" not in data
        assert not PillowImage.open(io.BytesIO(data)).getexif()


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a", b"\xff\xd8\xff\xe0broken", b"<svg/>"])
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError, match="not a picture that can be read"):
        store(io.BytesIO(content))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_truncated_picture_is_refused(file_format: str) -> None:
    content = image_file((400, 400), file_format).getvalue()
    with pytest.raises(ValidationError, match="not a picture"):
        store(io.BytesIO(content[: len(content) * 2 // 3]))


@pytest.mark.parametrize("file_format", pictures.READ_FORMATS)
def test_a_broken_picture_is_read_or_refused(file_format: str) -> None:
    content = image_file((60, 60), file_format).getvalue()
    numbers = random.Random(file_format)
    refused = 0
    for _ in range(30):
        broken = bytearray(content)
        for _ in range(8):
            broken[numbers.randrange(len(broken))] = numbers.randrange(256)
        try:
            pictures.read(io.BytesIO(broken), len(broken))
        except ValidationError:
            refused += 1
    assert refused


def test_a_broken_upload_is_answered_with_the_sentence(staff_client: Client) -> None:
    content = image_file((400, 400), "AVIF").getvalue()
    upload = SimpleUploadedFile("room.avif", content[: len(content) * 2 // 3])
    response = staff_client.post("/admin/content/picture/add/", {"name": "The room", "file": upload})
    assert response.status_code == 200
    assert "The file is not a picture that can be read." in response.text
    assert not Picture.objects.exists()


def test_a_huge_picture_is_refused() -> None:
    with pytest.raises(ValidationError, match="25 million"):
        store(image_file((5001, 5000), "PNG"))


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(ValidationError, match="15 MB"):
        pictures.read(image_file(), pictures.MAX_BYTES + 1)


@pytest.mark.parametrize("name", ["a" * 64 + "-480.webp", "x", "..%2f..%2fetc%2fpasswd", "a" * 64 + "-480.png"])
def test_a_name_that_is_not_there_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
