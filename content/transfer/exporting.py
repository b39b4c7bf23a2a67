"""The whole of a site's content, as it is at one moment → a zip file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from content.documents import SCHEMA
from content.models import Picture
from content.transfer.archive import MEDIA, TransferRefused, Writer, written
from content.transfer.kinds import KINDS, Kind
from content.transfer.values import Record, record_of
from iop_site.progress import Bar, no_bar

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Exported:
    """How many rows of each kind there were, and how many files of pictures."""

    counts: dict[Kind, int]
    files: int


def export_site(path: Path, *, force: bool = False, bar: Bar = no_bar) -> Exported:
    """Write everything to `path`, which then is there whole or, if anything goes wrong, not at all. Raises
    TransferRefused."""
    with written(path, force=force) as writer, snapshot():
        counts = _add_records(writer, bar)
        files = _files()
        with bar(total=len(files), label="Pictures", unit=" files") as step:
            for name in files:
                with default_storage.open(name) as file:
                    writer.add_file(MEDIA + name, file)
                step(1)
        writer.add_manifest(made_at=timezone.now().isoformat(), schema=SCHEMA)
    return Exported(counts=counts, files=len(files))


def _add_records(writer: Writer, bar: Bar) -> dict[Kind, int]:
    names = dict(get_user_model().objects.values_list("pk", "username"))

    def records_of(kind: Kind) -> Iterator[Record]:
        for row in kind.model._base_manager.order_by("pk").iterator(ROWS_AT_ONCE):
            yield record_of(kind, row, names)
            step(1)

    with bar(total=sum(kind.model._base_manager.count() for kind in KINDS), label="Records", unit=" records") as step:
        return {kind: writer.add_records(kind.member, records_of(kind)) for kind in KINDS}


def _files() -> list[str]:
    names = []
    for picture in Picture.objects.order_by("pk"):
        for name in picture.file_names():
            if not default_storage.exists(name):
                raise TransferRefused(
                    f"A file of the picture “{picture.name}” is missing: upload the same picture again, then export."
                )
            names.append(name)
    return names


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, the database is read as it is at this moment, whatever others write meanwhile; nobody waits for it."""
    if connection.in_atomic_block:
        # A test's: nobody else writes.
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Transactions begin by locking the file for writing here; one that only reads need not.
        connection.ensure_connection()
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = mode
