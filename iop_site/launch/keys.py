"""The secrets and keys of a local site, made once and never overwritten.

DATA_DIR/secrets/secret_key   signs form tokens and sessions
DATA_DIR/keys/staff.*         every enquiry is sealed to staff.pub; staff.key opens it
DATA_DIR/keys/recovery.*      every enquiry is sealed to recovery.pub too; recovery.key belongs offline
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

import pyrage

from iop_site.launch.folders import CannotStart

# Django's own get_random_secret_key gives 50 characters, ~280 bits; this gives 384 bits.
SECRET_BYTES = 48
PAIRS = ("staff", "recovery")


def write_once(path: Path, text: str) -> None:
    """Write `path` whole, for this user alone and safe from a power cut, or leave the one that is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # Unlike a rename, a link does not replace what is there.
        os.link(file.name, path)
    except FileExistsError:
        return
    finally:
        os.unlink(file.name)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
        write_once(public, str(read_identity(private).to_public()))
    return made


def read_identity(path: Path) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise CannotStart(f"{path} is not an age key ({error}): put the right one there, or take it away.") from error
