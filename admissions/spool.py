"""The spool: where a sealed enquiry waits, as a file of its own, while the database is away.

A file is written under another name, synced, linked under its own, and the folder is synced: after that, and not
before, the visitor is shown a reference. Its name is made of the form's one-time key and of what was written: the same
form sent again finds its file, and the same form with other words makes a second one. Imports no models.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

FORMAT = 2
SUFFIX = ".enquiry"
UNFINISHED = ".writing"
# Many times as long as anybody writes at one.
UNFINISHED_FOR_SECONDS = 3600.0
# What cannot be read is put aside for a person, and stands in nobody's way.
BROKEN = ".broken"


class SpoolUnwritable(Exception):
    """Nothing could be kept."""


class SpoolBroken(Exception):
    """A file that is no whole enquiry."""


@dataclass(frozen=True)
class Waiting:
    """An enquiry that is not in the database yet: what its row will have. `level_of_care`: a primary key; `call_at`:
    when the visitor would like to be called, None for as soon as possible."""

    reference: str
    idempotency_key: str
    content_digest: str
    received_at: datetime
    respond_by_at: datetime | None
    level_of_care: int | None
    age_band: str
    language: str
    is_urgent: bool
    is_quarantined: bool
    is_synthetic: bool
    call_at: datetime | None
    sealed: bytes

    @property
    def name(self) -> str:
        return f"{self.idempotency_key}-{self.content_digest[:16]}{SUFFIX}"


def folder() -> Path:
    return settings.DATA_DIR / "spool"


def keep(waiting: Waiting) -> None:
    """On disk for good, once, however often it is called; raises SpoolUnwritable."""
    path = folder()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path, suffix=UNFINISHED) as file:
            file.write(_as_bytes(waiting))
            file.flush()
            os.fsync(file.fileno())
            # Unlike a rename, a link tells whether the name was there: the same enquiry, whole.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path / waiting.name)
        _sync(path)
        _sync(path.parent)
    except OSError as error:
        raise SpoolUnwritable(error.strerror) from error


def files() -> list[Path]:
    """Of all that wait, the one that came first at first."""
    return sorted(folder().glob(f"*{SUFFIX}"), key=_modified)


def read(path: Path) -> Waiting:
    """Raises SpoolBroken, and FileNotFoundError when somebody else has taken it."""
    try:
        fields: dict[str, Any] = json.loads(path.read_bytes())
        if fields.pop("format") != FORMAT:
            raise SpoolBroken(path.name)
        return Waiting(
            **fields
            | {
                "sealed": base64.b64decode(fields["sealed"], validate=True),
                "received_at": datetime.fromisoformat(fields["received_at"]),
                "respond_by_at": fields["respond_by_at"] and datetime.fromisoformat(fields["respond_by_at"]),
                "call_at": fields["call_at"] and datetime.fromisoformat(fields["call_at"]),
            }
        )
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SpoolBroken(path.name) from error


def take_out(path: Path) -> None:
    """Once it is stored elsewhere for good; nothing when somebody else did."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    _sync(path.parent)


def put_aside(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.rename(path.with_suffix(BROKEN))
    _sync(path.parent)


def remove_unfinished() -> None:
    """What somebody was writing who was killed over it, long ago: nobody was shown a reference for it."""
    long_ago = time.time() - UNFINISHED_FOR_SECONDS
    for path in folder().glob(f"*{UNFINISHED}"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < long_ago:
                path.unlink()


def broken() -> list[Path]:
    return sorted(folder().glob(f"*{BROKEN}"))


def _as_bytes(waiting: Waiting) -> bytes:
    fields = asdict(waiting) | {
        "format": FORMAT,
        "sealed": base64.b64encode(waiting.sealed).decode(),
        "received_at": waiting.received_at.isoformat(),
        "respond_by_at": waiting.respond_by_at and waiting.respond_by_at.isoformat(),
        "call_at": waiting.call_at and waiting.call_at.isoformat(),
    }
    return json.dumps(fields).encode()


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
