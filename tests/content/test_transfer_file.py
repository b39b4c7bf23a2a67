"""Whatever is wrong with the file, or if the site has content: one sentence, and nothing is imported."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import CrisisPhrase, LevelOfCare, Picture, WritingRule
from content.transfer import archive
from content.transfer.archive import MANIFEST, TransferRefused, opened
from content.transfer.checking import Checked
from content.transfer.importing import import_site
from tests.content.factories import make_page, make_site_settings
from tests.content.transferring import contents, export_full_site, refusal, tamper, write

pytestmark = pytest.mark.django_db
Members = dict[str, bytes]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An export of a full site, beside a site that is empty."""
    return export_full_site(tmp_path / "site.zip")


# Not an export


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    WritingRule.objects.all().delete()
    CrisisPhrase.objects.all().delete()
    assert "cannot be read: no such file or directory" in refusal(tmp_path / "nothing.zip")
    assert "cannot be read: is a directory" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK", b"\x00" * 100])
def test_a_file_that_is_no_zip(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "is not a zip file" in refusal(path)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "is a zip file that is cut off or damaged" in refusal(path)


def test_a_zip_of_something_else(path: Path) -> None:
    write(path, {"holiday.txt": b"Hello."})
    assert "is no export of this software" in refusal(path)


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"[]", b"{}", b'{"format": "1"}', b'{"format": true}', b"\xff", b"[" * 10**6]
)
def test_a_manifest_that_is_none(path: Path, manifest: bytes) -> None:
    tamper(path, lambda members: members.update({MANIFEST: manifest}), with_right_sums=False)
    assert MANIFEST in refusal(path)


def manifest_with(**values: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | values).encode()

    return change


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_a_format_that_is_not_known(path: Path, number: int) -> None:
    tamper(path, manifest_with(format=number))
    assert f"has a format that this release does not know, {number} instead of 1" in refusal(path)


@pytest.mark.parametrize(
    "values",
    [
        {"made_at": "yesterday"},
        {"made_at": "2026-01-01T00:00:00"},
        {"made_at": 5},
        {"members": []},
        {"members": {"pages.jsonl": 5}},
        {"members": {"pages.jsonl": {"size": True, "sha256": "x"}}},
    ],
)
def test_a_manifest_that_is_not_as_it_must_be(path: Path, values: dict[str, Any]) -> None:
    tamper(path, manifest_with(**values), with_right_sums=False)
    assert "has a manifest.json that is not as it must be" in refusal(path)


# Members


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "media/../../x", "pages.jsonl/", "média", "media/x\u202egnp"]
)
def test_a_name_that_leads_elsewhere(path: Path, name: str) -> None:
    tamper(path, lambda members: members.update({name: b"x"}))
    assert "has a member that no export has" in refusal(path)


def test_a_member_that_is_missing(path: Path) -> None:
    tamper(path, lambda members: members.pop("versions.jsonl"))
    assert "lacks 'versions.jsonl'" in refusal(path)


def test_a_member_that_neither_the_file_nor_its_manifest_has(path: Path) -> None:
    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        del manifest["members"]["reviews.jsonl"], members["reviews.jsonl"]
        members[MANIFEST] = json.dumps(manifest).encode()

    tamper(path, change)
    assert "lacks 'reviews.jsonl'" in refusal(path)


def test_a_picture_that_is_missing(path: Path) -> None:
    name = next(name for name in contents(path) if name.startswith("media/"))
    tamper(path, lambda members: members.pop(name))
    assert "lacks 'media/" in refusal(path)


def test_a_picture_too_many(path: Path) -> None:
    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        members[f"media/{'0' * 64}-480.webp"] = b"x"
        manifest["members"][f"media/{'0' * 64}-480.webp"] = {}
        members[MANIFEST] = json.dumps(manifest).encode()

    tamper(path, change)
    assert "has other files of pictures than its records name" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("pages.jsonl", b"")
    assert "one of them twice" in refusal(path)


def test_a_member_that_is_not_what_the_manifest_says(path: Path) -> None:
    def change(members: Members) -> None:
        members["pages.jsonl"] = members["pages.jsonl"].replace(b"goals", b"gaols")

    tamper(path, change, with_right_sums=False)
    assert "is damaged: pages.jsonl is not what its manifest says" in refusal(path)


def test_one_wrong_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        content[file.getinfo("versions.jsonl").header_offset + 200] ^= 0xFF
    path.write_bytes(content)
    assert "is a zip file that is cut off or damaged" in refusal(path)


def test_a_zip_bomb(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes that a zip claims are looked at before it is unpacked, and it cannot unpack to more than it claims."""
    monkeypatch.setattr(archive, "MOST_RECORDS_BYTES", 1_000_000)
    manifest = json.loads(contents(path)[MANIFEST])
    manifest["members"]["pages.jsonl"]["size"] = 20_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in manifest["members"]:
            file.writestr(name, b" " * manifest["members"][name]["size"])
        file.writestr(MANIFEST, json.dumps(manifest))
    assert path.stat().st_size < 100_000
    assert "has a pages.jsonl of a size that it cannot have" in refusal(path)


def test_a_line_that_is_longer_than_any_record(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_LINE_BYTES", 100)
    assert "that is longer than any record" in refusal(path)


def test_a_zip_that_is_larger_than_any_export(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert "is larger than any export" in refusal(path)


def test_a_member_that_is_packed_otherwise(path: Path) -> None:
    members = contents(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file:
        for name, content in members.items():
            file.writestr(name, content, zipfile.ZIP_STORED if name == MANIFEST else zipfile.ZIP_LZMA)
    assert "strangely packed" in refusal(path)


def test_a_number_of_records_that_is_wrong(path: Path) -> None:
    manifest = json.loads(contents(path)[MANIFEST])
    manifest["members"]["pages.jsonl"]["records"] += 1
    tamper(path, manifest_with(members=manifest["members"]), with_right_sums=False)
    assert "has another number of records in pages.jsonl" in refusal(path)


# A site that has content


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (make_page, "pages"),
        (make_site_settings, "site settings"),
        (lambda: Picture.objects.create(digest="a" * 64, name="x", width=1, height=1), "pictures"),
        (lambda: WritingRule.objects.create(kind="claim", phrase="a rule of ours"), "writing rules"),
        (lambda: WritingRule.objects.create(kind="claim", phrase="proven", is_active=False), "writing rules"),
        (lambda: CrisisPhrase.objects.create(phrase="words of ours"), "words of crisis"),
        (lambda: CrisisPhrase.objects.create(phrase="suicide", is_active=False), "words of crisis"),
    ],
)
def test_a_site_that_has_content_already(path: Path, make: Callable[[], Any], what: str) -> None:
    make()
    with pytest.raises(TransferRefused, match=f"This site has {what} already"):
        import_site(path)
    assert not LevelOfCare.objects.exists()


# Anything


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_whatever_ends_in_anything_but_a_sentence(path: Path, data: st.DataObject) -> None:
    content = bytearray(path.read_bytes())
    damaged = path.with_name("damaged.zip")
    for _number in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged.write_bytes(content[data.draw(st.integers(0, 20)) :])
    with suppress(TransferRefused), opened(damaged) as archive:
        Checked(archive)
