"""The spool: where a sealed enquiry waits, as a file of its own, while the database is away.

A file is written under another name, synced, linked under its own, and the folder is synced: after that, and not
before, the visitor is shown a reference. Its name is made of the form's one-time key and of what was written: the same
form sent again finds its file, and the same form with other words makes a second one. Which of them came last only
`received_at` tells. Imports no models.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

# The first one knew nothing of the fields that have a default. What is added has one too, and no new number.
FIRST_FORMAT, FORMAT = 1, 2
SUFFIX = ".enquiry"
UNFINISHED = ".writing"
# Many times as long as anybody writes at one.
UNFINISHED_FOR_SECONDS = 3600.0
# What cannot be read is put aside for a person, and stands in nobody's way.
BROKEN = ".broken"
# A flood ends before the disk does; somebody in danger is taken in after everybody else.
MOST_FILES, MOST_FILES_FOR_URGENT = 10_000, 20_000


class SpoolUnwritable(Exception):
    """Nothing could be kept."""


class SpoolFull(Exception):
    """More waits than can be from people."""


class SpoolBroken(Exception):
    """A file that is no whole enquiry."""


class SpoolTooNew(Exception):
    """A file of a later release, which will read it."""


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
    sealed: bytes
    is_urgent: bool = False
    is_quarantined: bool = False
    is_synthetic: bool = False
    call_at: datetime | None = None

    @property
    def stem(self) -> str:
        return f"{self.idempotency_key}-{self.content_digest[:16]}"

    @property
    def name(self) -> str:
        return self.stem + SUFFIX

    @property
    def later_name(self) -> str:
        """Of the same words once more, after others."""
        return f"{self.stem}-{_nanoseconds(self.received_at)}{SUFFIX}"


def folder() -> Path:
    return settings.DATA_DIR / "spool"


def keep(waiting: Waiting) -> None:
    """On disk for good, once, however often it is called; raises SpoolUnwritable and SpoolFull."""
    path = folder()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_too_many(path, waiting)
        with tempfile.NamedTemporaryFile(dir=path, suffix=UNFINISHED) as file:
            file.write(_as_bytes(waiting))
            file.flush()
            # So that which came first and last can be told without reading them.
            os.utime(file.name, ns=(_nanoseconds(waiting.received_at),) * 2)
            os.fsync(file.fileno())
            _give_name(file.name, path, waiting)
        _sync(path)
        _sync(path.parent)
    except OSError as error:
        raise SpoolUnwritable(error.strerror) from error


def holds(waiting: Waiting) -> bool:
    """Whether its words are the last that wait of its form."""
    try:
        last = max(folder().glob(f"{waiting.idempotency_key}-*{SUFFIX}"), key=_came_at, default=None)
    except OSError:
        return False
    return last is not None and last.name.startswith(waiting.stem)


def files() -> list[Path]:
    """Of all that wait, the one that came first at first."""
    return sorted(folder().glob(f"*{SUFFIX}"), key=_came_at)


def waiting_since() -> datetime | None:
    """Since when the one that came first waits; None when nothing does."""
    first = min(filter(None, map(_came_at, folder().glob(f"*{SUFFIX}"))), default=None)
    return datetime.fromtimestamp(first, UTC) if first else None


def read(path: Path) -> Waiting:
    """Raises SpoolBroken, SpoolTooNew, FileNotFoundError when somebody else has taken it, and any other OSError when
    the disk does not let it be read now."""
    content = path.read_bytes()
    try:
        written: dict[str, Any] = json.loads(content)
        format_ = written.pop("format")
        if format_ > FORMAT or (format_ == FORMAT and written.keys() - {field.name for field in fields(Waiting)}):
            raise SpoolTooNew(path.name)
        if format_ < FIRST_FORMAT:
            raise SpoolBroken(path.name)
        return Waiting(
            **written
            | {
                "sealed": base64.b64decode(written["sealed"], validate=True),
                "received_at": datetime.fromisoformat(written["received_at"]),
                "respond_by_at": written["respond_by_at"] and datetime.fromisoformat(written["respond_by_at"]),
                "call_at": written.get("call_at") and datetime.fromisoformat(written["call_at"]),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
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


def take_back() -> int:
    """What was put aside waits again; how many. Raises OSError."""
    number = 0
    for path in broken():
        # The same words may wait already, and whole.
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            os.link(path, path.with_suffix(SUFFIX))
            path.unlink()
            number += 1
    return number


def _refuse_too_many(path: Path, waiting: Waiting) -> None:
    most = MOST_FILES_FOR_URGENT if waiting.is_urgent else MOST_FILES
    # What was confirmed once is confirmed again.
    if len(os.listdir(path)) >= most and not holds(waiting):
        raise SpoolFull


def _give_name(written: str, path: Path, waiting: Waiting) -> None:
    """Unlike a rename, a link tells whether the name was there: the same enquiry, whole."""
    try:
        os.link(written, path / waiting.name)
    except FileExistsError:
        if not holds(waiting):
            # Other words came between, and must not be the last.
            with contextlib.suppress(FileExistsError):
                os.link(written, path / waiting.later_name)


def _as_bytes(waiting: Waiting) -> bytes:
    written = asdict(waiting) | {
        "format": FORMAT,
        "sealed": base64.b64encode(waiting.sealed).decode(),
        "received_at": waiting.received_at.isoformat(),
        "respond_by_at": waiting.respond_by_at and waiting.respond_by_at.isoformat(),
        "call_at": waiting.call_at and waiting.call_at.isoformat(),
    }
    return json.dumps(written).encode()


def _came_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _nanoseconds(moment: datetime) -> int:
    """Since 1970, whole microseconds."""
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * 1000


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
