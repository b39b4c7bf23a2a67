"""A disk of a few kilobytes, really full."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILLING = "filling"


class NoDisk(Exception):
    """This machine lets nobody mount one."""


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A tmpfs of `size` bytes at `folder`, which is made; raises NoDisk, as it takes root."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise NoDisk(str(error)) from error
    if mounted.returncode:
        raise NoDisk(mounted.stderr.strip() or "mount refused")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """To the last byte, until the end of the `with`."""
    path = folder / FILLING
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    assert os.statvfs(folder).f_bavail == 0
    try:
        yield
    finally:
        path.unlink()
