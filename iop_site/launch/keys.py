"""The secrets and keys of a local site, made once; a start overwrites none of them.

DATA_DIR/secrets/secret_key   signs form tokens and sessions
DATA_DIR/keys/staff.*         every enquiry is sealed to staff.pub; staff.key opens it (its first line is current)
DATA_DIR/keys/recovery.*      every enquiry is sealed to recovery.pub too; recovery.key belongs offline
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

from iop_site import age_keys
from iop_site.launch.folders import CannotStart

# Django's own get_random_secret_key gives 50 characters, ~280 bits; this gives 384 bits.
SECRET_BYTES = 48
PAIRS = ("staff", "recovery")


def write_once(path: Path, text: str) -> None:
    """Write `path` whole, for this user alone and safe from a power cut, or leave the one that is there."""
    with _written_beside(path, text) as written:
        try:
            # Unlike a rename, a link does not replace what is there.
            os.link(written, path)
        except FileExistsError:
            return
        _sync(path.parent)


def write_anew(path: Path, text: str) -> None:
    """The same, in place of what is there: at each moment the former text or the new one."""
    with _written_beside(path, text) as written:
        os.replace(written, path)
        _sync(path.parent)


@contextmanager
def _written_beside(path: Path, text: str) -> Iterator[Path]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        yield Path(file.name)
    finally:
        Path(file.name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_secret_key(data_dir: Path) -> bool:
    """Whether one had to be made."""
    path = data_dir / "secrets" / "secret_key"
    if path.exists():
        return False
    write_once(path, secrets.token_urlsafe(SECRET_BYTES))
    return True


def make_key_pairs(data_dir: Path, names: tuple[str, ...] = PAIRS) -> list[str]:
    """Make each pair of `names` of which neither half is there; the names of those made.

    A private key that lost its public half gets it back. A public key alone stays alone: its private half may rightly
    be elsewhere.
    """
    made = []
    for name in names:
        private, public = data_dir / "keys" / f"{name}.key", data_dir / "keys" / f"{name}.pub"
        if public.exists():
            continue
        if not private.exists():
            write_once(private, str(pyrage.x25519.Identity.generate()))
            made.append(name)
        write_once(public, age_keys.public_half(read_identities(private)[0]))
    return made


def read_identities(path: Path) -> list[pyrage.x25519.Identity]:
    """At least one, the current one first. Raises CannotStart."""
    try:
        if found := age_keys.identities(path.read_text(encoding="utf-8")):
            return found
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{path} cannot be read ({error}): put an age key there, or take it away.") from error
    except pyrage.IdentityError:
        # As a cause it would carry the key's own text into a traceback.
        pass
    raise CannotStart(f"{path} is not an age key: put the right one there, or take it away.")


def is_key_of(path: Path, public: str) -> bool:
    """Whether the key in `path` is the private half of `public`; also where it cannot be read, so that nobody throws
    away what they may need."""
    try:
        return age_keys.public_half(read_identities(path)[0]) == public
    except CannotStart:
        return True
