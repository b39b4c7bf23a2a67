"""What export_site and import_site share: how they end, and how they count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError

from content.transfer.archive import TransferRefused
from content.transfer.kinds import Kind


def path_of(text: str) -> Path:
    return Path(text).expanduser()


@contextmanager
def ending_well(nothing: str) -> Iterator[None]:
    """Whatever stops the work inside is one sentence and a code, never a traceback. `nothing`: says that nothing was
    done."""
    try:
        yield
    except TransferRefused as refused:
        raise CommandError(str(refused)) from refused
    except DatabaseError as error:
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CommandError(f"The database refused: {first_line}. {nothing}") from error
    except KeyboardInterrupt as stop:
        raise CommandError(f"Stopped. {nothing}", returncode=130) from stop


def summary(counts: Mapping[Kind, int]) -> str:
    """Such as: 14 pages, 17 versions and 1 picture."""
    told = [f"{count} {_name(kind, count)}" for kind, count in counts.items() if kind.is_told]
    return " and ".join([", ".join(told[:-1]), told[-1]])


def _name(kind: Kind, count: int) -> str:
    return str(kind.model._meta.verbose_name if count == 1 else kind.model._meta.verbose_name_plural)
