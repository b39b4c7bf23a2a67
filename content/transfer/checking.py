"""Everything in an export that can be checked before anything is written, and the rows that it makes."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from content.blocks import BLOCK_MODELS
from content.documents import UnknownSchema, upgraded
from content.freezing import COPIED_FIELDS, digest_of
from content.models import Page, PageVersion, Picture, SiteSettings
from content.models.picture import FORMATS, file_name, widths_of
from content.richtext import RICH_FIELDS
from content.transfer.archive import MEDIA, Archive
from content.transfer.kinds import KINDS, Kind, is_person
from content.transfer.values import NotAsItMustBe, row_of
from iop_site.progress import Bar, no_bar

BLOCK_BY_TYPE = {model.type: model for model in BLOCK_MODELS}
DIGEST = re.compile(r"[0-9a-f]{64}")
# Of a page's own fields; the others are texts.
FIELD_TYPES = {"order": int, "is_in_menu": bool, "can_leave_quickly": bool}
PICTURE_FIELDS = {"digest": str, "width": int, "height": int}


def rows_of(archive: Archive, kind: Kind, key_of: Callable[[str], int]) -> Iterator[models.Model]:
    """The rows of `kind`, unsaved; `key_of`: a person's primary key by name. Raises TransferRefused."""
    for number, record in enumerate(archive.records(kind.member), start=1):
        try:
            yield row_of(kind, record, key_of)
        except NotAsItMustBe as error:
            raise archive.refuse(f"is not as it must be: line {number} of {kind.member} {error}") from error


class Checked:
    """What an export holds. `people`: everybody who is named in it. `files`: name → width and height.

    Raises TransferRefused unless every sum, every record, every digest of a version and every picture is right.
    """

    def __init__(self, archive: Archive, bar: Bar = no_bar) -> None:
        self.archive = archive
        self.counts: dict[Kind, int] = {}
        self.people: set[str] = set()
        self.files: dict[str, tuple[int, int]] = {}
        self._keys: dict[type[models.Model], set[int]] = defaultdict(set)
        self._pointed_to: set[int] = set()
        self._uids: dict[int, str] = {}
        self._check_sums(bar)
        self._check_records(bar)
        self._check_pictures(bar)

    def _check_sums(self, bar: Bar) -> None:
        members = self.archive.members
        with bar(total=sum(member["size"] for member in members.values()), label="Checking sums", unit="B") as step:
            for name, member in members.items():
                self.archive.check(name)
                step(member["size"])

    def _check_records(self, bar: Bar) -> None:
        said = {kind: self.archive.members[kind.member].get("records") for kind in KINDS}
        total = sum(count for count in said.values() if isinstance(count, int))
        with bar(total=total, label="Checking records", unit=" records") as step:
            for kind in KINDS:
                self.counts[kind] = 0
                for row in rows_of(self.archive, kind, self._note_person):
                    self.counts[kind] += 1
                    if problem := self._problem_of(kind, row):
                        where = f"line {self.counts[kind]} of {kind.member}"
                        raise self.archive.refuse(f"is not as it must be: {where} {problem}")
                    step(1)
                if lacking := self._pointed_to - self._keys[kind.model]:
                    raise self.archive.refuse(f"has a record in {kind.member} that points to none, {min(lacking)}")
                self._pointed_to.clear()
                if self.counts[kind] != said[kind]:
                    raise self.archive.refuse(f"has another number of records in {kind.member} than its manifest says")

    def _note_person(self, name: str) -> int:
        self.people.add(name)
        return 0

    def _problem_of(self, kind: Kind, row: models.Model) -> str:
        """'' when there is none; remembers what later rows may point to."""
        if row.pk in self._keys[kind.model]:
            return "has the number of another record"
        self._keys[kind.model].add(row.pk)
        for field in kind.fields:
            key = getattr(row, field.attname)
            is_row = field.is_relation and not is_person(field) and key is not None
            if is_row and field.related_model is kind.model:
                # A page may be a translation of one that comes after it.
                self._pointed_to.add(key)
            elif is_row and key not in self._keys[field.related_model]:
                return f"has a “{field.name}” that is not in the file"
        if isinstance(row, SiteSettings) and row.pk != SiteSettings.PK:
            return f"must have the number {SiteSettings.PK}"
        if isinstance(row, Page):
            self._uids[row.pk] = str(row.uid)
        if isinstance(row, PageVersion):
            return problem_of_version(row, self._uids[row.page_id])
        return self._problem_of_picture(row) if isinstance(row, Picture) else ""

    def _problem_of_picture(self, picture: Picture) -> str:
        if not DIGEST.fullmatch(picture.digest) or not picture.width or not picture.height:
            return "is no picture"
        for width in widths_of(picture.width):
            height = max(1, round(picture.height * width / picture.width))
            self.files |= {file_name(picture.digest, width, name): (width, height) for name in FORMATS}
        return ""

    def _check_pictures(self, bar: Bar) -> None:
        if {MEDIA + name for name in self.files} != {name for name in self.archive.members if name.startswith(MEDIA)}:
            raise self.archive.refuse("has other files of pictures than its records name")
        with bar(total=len(self.files), label="Checking pictures", unit=" files") as step:
            for name, size in self.files.items():
                if size_of(self.archive.read(MEDIA + name), name.rpartition(".")[2]) != size:
                    raise self.archive.refuse(f"is not as it must be: {name} is not that picture")
                step(1)


def size_of(content: bytes, file_format: str) -> tuple[int, int] | None:
    """Width and height in pixels; None when it is no picture of that format."""
    try:
        with PillowImage.open(io.BytesIO(content), formats=[file_format.upper()]) as image:
            return image.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError):
        return None


# --- Versions -------------------------------------------------------------------------------------------------------


def problem_of_version(version: PageVersion, uid: str) -> str:
    """`uid`: of the version's page. What would make its words others than those that were signed, or unreadable."""
    document = version.document
    if not isinstance(document, dict) or document.get("uid") != uid:
        return "is a version of another page"
    try:
        if digest_of(document) != version.digest:
            return "does not have the digest that it says"
        if type(document.get("schema")) is not int or document["schema"] < 1:
            return "has a document without a schema"
        return "" if _is_document(upgraded(document)) else "has a document that cannot be shown"
    except UnknownSchema as error:
        return f"cannot be opened here: {error}"
    except RecursionError:
        return "has a document that is nested too deeply"


def _is_document(document: dict[str, Any]) -> bool:
    return (
        all(type(document.get(name)) is FIELD_TYPES.get(name, str) for name in COPIED_FIELDS)
        and isinstance(document.get("translation_of"), str | None)
        and _is_list_of(str, document.get("related"))
        and _is_list_of(dict, document.get("blocks"))
        and all(_is_block(block) for block in document["blocks"])
    )


def _is_block(block: dict[str, Any]) -> bool:
    model = BLOCK_BY_TYPE.get(str(block.get("type")))
    if model is None or not isinstance(block.get("uid"), str) or not block.keys() >= set(model.frozen_fields):
        return False
    if model.type == "image":
        picture = block.get("picture")
        return isinstance(picture, dict) and all(
            type(picture.get(name)) is type_ for name, type_ in PICTURE_FIELDS.items()
        )
    if model.type == "call_to_action" and not isinstance(block.get("target", 0), str | None):
        return False
    return all(isinstance(block[name], str) for name in RICH_FIELDS.get(model.type, ()))


def _is_list_of(type_: type, values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, type_) for value in values)
