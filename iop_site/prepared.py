"""Prepared: a note in DATA_DIR that its database was there once and had everything, so that a missing one is an outage.

Without it, a file that was moved away would quietly be replaced by an empty database. Imports nothing of Django's,
because the settings need it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

FILE = "database-prepared.txt"


def note(data_dir: Path, config: dict[str, Any]) -> None:
    """That the database of `config`, Django's entry of DATABASES, was prepared."""
    if not is_noted(data_dir, config):
        (data_dir / FILE).write_text(_name_of(config), encoding="utf-8")


def is_noted(data_dir: Path, config: dict[str, Any]) -> bool:
    """For another database than the last one it is not."""
    try:
        return (data_dir / FILE).read_text(encoding="utf-8") == _name_of(config)
    except OSError:
        return False


def _name_of(config: dict[str, Any]) -> str:
    """A digest, which tells nobody where it is."""
    where = [str(config.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME")]
    return hashlib.sha256("\0".join(where).encode()).hexdigest()
