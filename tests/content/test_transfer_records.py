"""Whatever is wrong with a record, a version or a picture: one sentence that says where, and nothing is imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.freezing import digest_of
from content.models import Page
from content.transfer.archive import TransferRefused
from content.transfer.importing import import_site
from content.transfer.kinds import KINDS
from tests.content.transferring import (
    assert_nothing_is_here,
    change_record,
    contents,
    export_full_site,
    refusal,
    tamper,
)

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


# Records


@pytest.mark.parametrize("line", [b"{", b"", b"NaN", b"\xff\xfe", b"[" * 100_000, b"{'id': 1}"])
def test_a_line_that_is_no_json(path: Path, line: bytes) -> None:
    def change(members: Members) -> None:
        members["pages.jsonl"] += line + b"\n"

    tamper(path, change)
    assert "has something in pages.jsonl, line 5, that is no JSON" in refusal(path)


@pytest.mark.parametrize(
    ("member", "values", "problem"),
    [
        ("pages.jsonl", {"id": "1"}, "no sound number as “id”"),
        ("pages.jsonl", {"id": 0}, "no sound number as “id”"),
        ("pages.jsonl", {"id": 2**63}, "no sound number as “id”"),
        ("pages.jsonl", {"uid": "x"}, "“uid”"),
        ("pages.jsonl", {"title": "x" * 121}, "“title”"),
        ("pages.jsonl", {"title": None}, "“title”"),
        ("pages.jsonl", {"title": 5}, "“title”"),
        ("pages.jsonl", {"title": "x\x00"}, "a character that cannot be stored"),
        ("pages.jsonl", {"title": "\ud800"}, "a character that cannot be stored"),
        ("pages.jsonl", {"order": True}, "“order”"),
        ("pages.jsonl", {"order": -1}, "“order”"),
        ("pages.jsonl", {"order": 10**20}, "“order”"),
        ("pages.jsonl", {"created_at": "2026-01-01"}, "“created_at”"),
        ("pages.jsonl", {"created_at": "2026-01-01T00:00:00"}, "“created_at”"),
        ("pages.jsonl", {"created_at": "9999-12-31T23:59:59-12:00"}, "“created_at”"),
        ("pages.jsonl", {"draft_author_ids": [1]}, "“draft_author_ids”"),
        ("pages.jsonl", {"draft_author_ids": ["\x1b[2J"]}, "“draft_author_ids”"),
        ("pages.jsonl", {"password": "x"}, "the field “password”, which this release does not know"),
        ("levels_of_care.jsonl", {"hours_per_day_from": "99999"}, "“hours_per_day_from”"),
        ("levels_of_care.jsonl", {"hours_per_day_from": "NaN"}, "“hours_per_day_from”"),
        ("office_hours.jsonl", {"opens_at": "25:00"}, "“opens_at”"),
        ("site_settings.jsonl", {"id": 2}, "must have the number 1"),
        ("versions.jsonl", {"digest": "0" * 64}, "does not have the digest that it says"),
        ("versions.jsonl", {"document": []}, "is a version of another page"),
        ("versions.jsonl", {"page": 10**6}, "has a “page” that is not in the file"),
        ("versions.jsonl", {"created_by": "x" * 151}, "“created_by”"),
        ("pictures.jsonl", {"digest": "../" + "a" * 61}, "is no picture"),
        ("pictures.jsonl", {"width": 0}, "is no picture"),
        ("blocks_call_to_action.jsonl", {"target": 10**6}, "has a “target” that is not in the file"),
        ("blocks_image.jsonl", {"picture": None}, "“picture”"),
    ],
)
def test_a_record_that_is_not_as_it_must_be(path: Path, member: str, values: dict[str, Any], problem: str) -> None:
    change_record(path, member, lambda record: record.update(values))
    text = refusal(path)
    assert f"is not as it must be: line 1 of {member} " in text
    assert problem in text


def test_a_record_that_lacks_a_field(path: Path) -> None:
    change_record(path, "pages.jsonl", lambda record: record.pop("title") and None)
    assert "line 1 of pages.jsonl lacks the field “title”" in refusal(path)


def test_a_field_that_came_later_may_be_missing(path: Path) -> None:
    """An older release did not have it: then it is what it is for a new row."""
    change_record(path, "pages.jsonl", lambda record: record.pop("edit_number") and None, line=1)
    import_site(path)
    assert Page.objects.order_by("pk")[1].edit_number == 0


def test_a_record_that_is_none(path: Path) -> None:
    change_record(path, "pages.jsonl", lambda record: [record])
    assert "line 1 of pages.jsonl is not a record" in refusal(path)


def test_two_records_of_one_number(path: Path) -> None:
    def change(members: Members) -> None:
        members["pages.jsonl"] = members["pages.jsonl"].splitlines(keepends=True)[0] * 2

    tamper(path, change)
    assert "line 2 of pages.jsonl has the number of another record" in refusal(path)


def document_with(**values: Any) -> Callable[[dict[str, Any]], None]:
    """Another document, with its right digest."""

    def change(record: dict[str, Any]) -> None:
        record["document"] |= values
        record["digest"] = digest_of(record["document"])

    return change


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"uid": "00000000-0000-0000-0000-000000000000"}, "is a version of another page"),
        ({"schema": 999}, "was written by a later release"),
        ({"schema": 0}, "has a document without a schema"),
        ({"schema": "1"}, "has a document without a schema"),
        ({"title": None}, "has a document that cannot be shown"),
        ({"order": "1"}, "has a document that cannot be shown"),
        ({"related": None}, "has a document that cannot be shown"),
        ({"blocks": {}}, "has a document that cannot be shown"),
        ({"blocks": [{"type": "script", "uid": "x"}]}, "has a document that cannot be shown"),
        ({"blocks": [{"type": "rich_text", "uid": "x"}]}, "has a document that cannot be shown"),
        ({"blocks": [{"type": "rich_text", "uid": "x", "body": 5}]}, "has a document that cannot be shown"),
        (
            {"blocks": [{"type": "image", "uid": "x", "alt": "", "is_decorative": True, "caption": "", "picture": 5}]},
            "has a document that cannot be shown",
        ),
    ],
)
def test_a_version_that_would_not_be_what_was_signed_or_could_not_be_read(
    path: Path, values: dict[str, Any], problem: str
) -> None:
    change_record(path, "versions.jsonl", document_with(**values))
    assert problem in refusal(path)


def test_a_picture_that_is_something_else(path: Path) -> None:
    name = next(name for name in contents(path) if name.endswith(".webp"))
    tamper(path, lambda members: members.update({name: b"<script>alert(1)</script>"}))
    assert "is not that picture" in refusal(path)


def test_a_picture_of_another_size(path: Path) -> None:
    small, large = sorted(name for name in contents(path) if name.endswith(".webp"))
    tamper(path, lambda members: members.update({small: members[large]}))
    assert "is not that picture" in refusal(path)


def test_what_the_database_refuses_is_not_imported_by_half(path: Path) -> None:
    change_record(path, "publications.jsonl", lambda record: None)
    twice = json.loads(contents(path)["level_texts.jsonl"])

    def change(members: Members) -> None:
        members["level_texts.jsonl"] += json.dumps(twice | {"id": twice["id"] + 1}).encode() + b"\n"

    tamper(path, change)
    with pytest.raises(DatabaseError):
        import_site(path)
    assert_nothing_is_here()


# Anything


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_value_whatever_ends_in_anything_but_a_sentence(path: Path, data: st.DataObject) -> None:
    changed = path.with_name("changed.zip")
    changed.write_bytes(path.read_bytes())
    kind = data.draw(st.sampled_from(KINDS))
    name = data.draw(st.sampled_from(["id", *(field.name for field in kind.fields)]))
    change_record(changed, kind.member, lambda record: record.update({name: data.draw(json_values)}))
    try:
        with transaction.atomic():
            import_site(changed)
            raise TransferRefused("It could be imported. That is well, and is taken back.")
    except (TransferRefused, DatabaseError):
        assert not Page.objects.exists()
