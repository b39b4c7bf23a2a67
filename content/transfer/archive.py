"""The zip file of an export: JSON Lines, pictures, and a manifest with the size and SHA-256 of each of them.

Written under another name and renamed when it is whole. Read with nothing believed: every name must be one that an
export has, every size is bounded, nothing is ever unpacked to a path that the file names. The sums tell of damage; they
are no signature, and whoever can write the file can write them anew.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from content.transfer.kinds import KINDS
from content.transfer.values import Record

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA = "media/"
MEDIA_NAME = re.compile(r"media/[0-9a-f]{64}-\d{1,4}\.(avif|webp)")

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE
# Far above what a site has, and low enough that a file made to choke on is refused.
MOST_MANIFEST_BYTES = 64 * MEBIBYTE
MOST_LINE_BYTES = 32 * MEBIBYTE
MOST_PICTURE_BYTES = 64 * MEBIBYTE
MOST_RECORDS_BYTES = 4 * GIBIBYTE
MOST_BYTES = 32 * GIBIBYTE
CHUNK_BYTES = MEBIBYTE
# The flag of a zip's member.
ENCRYPTED = 1


class TransferRefused(Exception):
    """Why nothing was exported or imported, in a sentence."""


# --- Writing --------------------------------------------------------------------------------------------------------


class Writer:
    """Collects the members of an export; `members` becomes part of the manifest."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        self.members: dict[str, dict[str, Any]] = {}

    def add_records(self, name: str, records: Iterable[Record]) -> int:
        """As many as there were."""
        count = 0
        with self._member(name, zipfile.ZIP_DEFLATED) as (member, digest):
            for record in records:
                count += 1
                line = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
                member.write(line)
                digest.update(line)
        self.members[name]["records"] = count
        return count

    def add_file(self, name: str, source: IO[bytes]) -> None:
        with self._member(name, zipfile.ZIP_STORED) as (member, digest):
            while chunk := source.read(CHUNK_BYTES):
                member.write(chunk)
                digest.update(chunk)

    def add_manifest(self, **values: Any) -> None:
        manifest = {"format": FORMAT} | values | {"members": self.members}
        self.file.writestr(MANIFEST, json.dumps(manifest, indent=1), zipfile.ZIP_DEFLATED)

    @contextmanager
    def _member(self, name: str, compression: int) -> Iterator[tuple[IO[bytes], Any]]:
        info = zipfile.ZipInfo(name)
        info.compress_type = compression
        digest = hashlib.sha256()
        with self.file.open(info, "w", force_zip64=True) as member:
            yield member, digest
        self.members[name] = {"sha256": digest.hexdigest(), "size": info.file_size}


@contextmanager
def written(path: Path, *, force: bool) -> Iterator[Writer]:
    """A Writer whose file is at `path` once the block ends well, and nowhere if not. Its owner alone may read it:
    drafts are in it. Raises TransferRefused."""
    refuse_to_replace(path, force=force)
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        ) as file:
            try:
                with zipfile.ZipFile(file, "w") as archive:
                    yield Writer(archive)
                file.flush()
                os.fsync(file.fileno())
                refuse_to_replace(path, force=force)
                os.replace(file.name, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(file.name)
                raise
        _sync_folder(path.parent)
    except OSError as error:
        raise TransferRefused(f"{path} cannot be written: {reason(error)}. Nothing was exported.") from error


def refuse_to_replace(path: Path, *, force: bool) -> None:
    if path.exists() and not path.is_file():
        raise TransferRefused(f"{path} is not a file: name another.")
    if path.exists() and not force:
        raise TransferRefused(f"{path} is there already: name another file, or add --force to replace it.")


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def reason(error: OSError) -> str:
    """Such as: no space left on device."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


# --- Reading --------------------------------------------------------------------------------------------------------


class Archive:
    """An export whose manifest and names are as they must be; its contents are only after `check`."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self.file = file
        self.manifest = self._read_manifest()
        self.members: dict[str, dict[str, Any]] = self.manifest["members"]
        self._check_names()

    def refuse(self, what: str) -> TransferRefused:
        return TransferRefused(f"{self.path} {what}. Nothing was imported.")

    def read(self, name: str) -> bytes:
        with reading(self.path):
            return self.file.read(name)

    def check(self, name: str) -> None:
        """Raises TransferRefused unless `name` is what the manifest says, to the last byte."""
        digest = hashlib.sha256()
        with reading(self.path), self.file.open(name) as member:
            while chunk := member.read(CHUNK_BYTES):
                digest.update(chunk)
        if digest.hexdigest() != self.members[name]["sha256"]:
            raise self.refuse(f"is damaged: {name} is not what its manifest says")

    def records(self, name: str) -> Iterator[Any]:
        """Of each line the value; raises TransferRefused."""
        with reading(self.path):
            member = self.file.open(name)
        with member:
            for number in itertools.count(1):
                with reading(self.path):
                    line = member.readline(MOST_LINE_BYTES + 1)
                if not line:
                    return
                if len(line) > MOST_LINE_BYTES:
                    raise self.refuse(f"has a line in {name} that is longer than any record")
                try:
                    value = read_json(line)
                except ValueError as error:
                    raise self.refuse(f"has something in {name}, line {number}, that is no JSON") from error
                yield value

    def _read_manifest(self) -> dict[str, Any]:
        infos = [info for info in self.file.infolist() if info.filename == MANIFEST]
        if len(infos) != 1:
            raise self.refuse(f"is no export of this software: it has no {MANIFEST}")
        if infos[0].file_size > MOST_MANIFEST_BYTES or not _is_readable(infos[0]):
            raise self.refuse(f"has a {MANIFEST} that is none of an export")
        try:
            manifest = read_json(self.read(MANIFEST))
        except ValueError as error:
            raise self.refuse(f"has a {MANIFEST} that is no JSON") from error
        if not isinstance(manifest, dict) or type(manifest.get("format")) is not int:
            raise self.refuse(f"is no export of this software: its {MANIFEST} has no format number")
        if manifest["format"] != FORMAT:
            raise self.refuse(f"has a format that this release does not know, {manifest['format']} instead of {FORMAT}")
        if not _are_members(manifest.get("members")) or not _is_time(manifest.get("made_at")):
            raise self.refuse(f"has a {MANIFEST} that is not as it must be")
        return manifest

    def _check_names(self) -> None:
        infos = [info for info in self.file.infolist() if info.filename != MANIFEST]
        names = {info.filename for info in infos}
        if strange := sorted(name for name in names if not _is_member_name(name)):
            raise self.refuse(f"has a member that no export has, {strange[0][:80]!a}")
        if lacking := sorted((self.members.keys() | _record_members()) - names):
            raise self.refuse(f"lacks {lacking[0][:80]!a}")
        if names != self.members.keys() or len(infos) != len(names):
            raise self.refuse("has a member that its manifest does not name, or one of them twice")
        for info in infos:
            most = MOST_PICTURE_BYTES if info.filename.startswith(MEDIA) else MOST_RECORDS_BYTES
            if info.file_size != self.members[info.filename]["size"] or info.file_size > most:
                raise self.refuse(f"has a {info.filename} of a size that it cannot have")
            if not _is_readable(info):
                raise self.refuse(f"has an encrypted or strangely packed {info.filename}")
        if sum(info.file_size for info in infos) > MOST_BYTES:
            raise self.refuse("is larger than any export once it is unpacked")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The export at `path`; raises TransferRefused."""
    with ExitStack() as stack:
        with reading(path):
            file = stack.enter_context(path.open("rb"))
            archive = stack.enter_context(zipfile.ZipFile(file))
        yield Archive(path, archive)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """What goes wrong with the file inside is said in a sentence."""
    try:
        yield
    except OSError as error:
        raise TransferRefused(f"{path} cannot be read: {reason(error)}. Nothing was imported.") from error
    # The zip's own complaints, those of what it is packed with, and those of Python about numbers that make no sense.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise TransferRefused(f"{path} {_what_it_is(path)}. Nothing was imported.") from error


def _what_it_is(path: Path) -> str:
    with suppress(OSError), path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            return "is a zip file that is cut off or damaged"
    return "is not a zip file"


def read_json(text: bytes) -> Any:
    """Raises ValueError, also for what Python reads and JSON is not."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    try:
        return json.loads(text.decode(), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _record_members() -> set[str]:
    return {kind.member for kind in KINDS}


def _is_member_name(name: str) -> bool:
    return name in _record_members() or MEDIA_NAME.fullmatch(name) is not None


def _is_readable(info: zipfile.ZipInfo) -> bool:
    return info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} and not info.flag_bits & ENCRYPTED


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _are_members(members: Any) -> bool:
    return isinstance(members, dict) and all(
        isinstance(member, dict) and isinstance(member.get("sha256"), str) and type(member.get("size")) is int
        for member in members.values()
    )
