"""New keys, and a recovery key that people copy and type. Imports no models.

`new_keys` puts a new staff key before the former ones, so that staff go on opening what was sealed before, and
`rotate_keys` then seals that anew. A new recovery key never comes alone: what the new staff key opens was sealed to the
new recovery key as well, which nobody could tell by looking.
"""

from __future__ import annotations

import io
import os
import re
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

import pyrage
import segno
from django.conf import settings

from admissions import sealing
from iop_site import age_keys
from iop_site.launch.keys import read_identities, write_anew

PREFIX = "AGE-SECRET-KEY-1"
BODY_LENGTH = 58
GROUP_LENGTH = 6
GROUPS_IN_A_LINE = 5
# White on black, whatever the terminal's own colours are: cameras expect dark on light.
QR_COLOURS = "\x1b[97;40m{}\x1b[0m"


class KeyRefused(Exception):
    """What was typed or named is no key to go on with; its text is one sentence and quotes nothing of it."""


@dataclass(frozen=True)
class Made:
    """`former`: how many staff keys stay beside the new one. `is_former_missing`: enquiries are sealed to a staff key
    whose private half is not among them."""

    folder: Path
    staff_public: str
    recovery_public: str
    former: int
    is_former_missing: bool


# --- Making ---------------------------------------------------------------------------------------------------------


def default_folder() -> Path:
    return settings.DATA_DIR / "keys"


def former_keys(folder: Path) -> list[str]:
    """The staff keys in `folder` and in the settings, each once, the current one first. Raises CannotStart and
    sealing.StaffKeyMissing where something else stands in their place."""
    path = folder / "staff.key"
    found = [str(key) for key in read_identities(path)] if path.exists() else []
    if settings.ENQUIRY_STAFF_KEY:
        found += [str(key) for key in sealing.identities(settings.ENQUIRY_STAFF_KEY)]
    return list(dict.fromkeys(found))


def check_writable(folder: Path) -> None:
    """Makes nothing. Raises KeyRefused."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise KeyRefused(f"No key can be written to {folder}: make {nearest} writable, or name a folder with --dir.")


def make(folder: Path, recovery_public: str) -> Made:
    """A new staff pair in `folder`, before the former keys, and `recovery_public` beside it. Raises OSError.

    Cut short at any point, whatever is sealed then opens: the staff surface knows the new key before anything is sealed
    to it, and the new recovery key is in use before the staff key that stands for both.
    """
    former, key = former_keys(folder), pyrage.x25519.Identity.generate()
    staff_public, in_use = age_keys.public_half(key), settings.ENQUIRY_STAFF_PUBLIC_KEY
    known = {age_keys.public_half(one) for one in age_keys.identities("\n".join(former))}
    write_anew(folder / "staff.key", "\n".join([str(key), *former]))
    write_anew(folder / "recovery.pub", recovery_public)
    write_anew(folder / "staff.pub", staff_public)
    return Made(folder, staff_public, recovery_public, len(former), bool(in_use) and in_use not in known)


# --- A key on paper -------------------------------------------------------------------------------------------------


def groups(body: str) -> list[str]:
    return [body[start : start + GROUP_LENGTH] for start in range(0, len(body), GROUP_LENGTH)]


def shown(key: str, *, in_blocks: bool) -> str:
    """`key` as a QR code, in one line, and in numbered groups; `in_blocks`: with characters that are not ASCII."""
    code = io.StringIO()
    segno.make(key, error="l", boost_error=False, micro=False).terminal(code, border=2, compact=in_blocks)
    rows = [QR_COLOURS.format(row) if in_blocks else row for row in code.getvalue().splitlines()]
    numbered = [f"{number:>2}. {group:<{GROUP_LENGTH}}" for number, group in enumerate(groups(_body(key)), 1)]
    lines = [
        "   ".join(numbered[start : start + GROUPS_IN_A_LINE]) for start in range(0, len(numbered), GROUPS_IN_A_LINE)
    ]
    return "\n".join([*rows, "", key, "", f"    {PREFIX}", *lines])


def difference(typed: str, key: str) -> str:
    """'' when `typed` is `key`, else where it begins to differ; spaces, hyphens and case do not matter."""
    body, expected = _body(typed), _body(key)
    if body == expected:
        return ""
    length = f" {len(body)} characters came after {PREFIX}; it has {BODY_LENGTH}." if len(body) != BODY_LENGTH else ""
    pairs = enumerate(zip(groups(body.ljust(BODY_LENGTH)), groups(expected), strict=False), 1)
    number = next((number for number, (mine, theirs) in pairs if mine != theirs), len(groups(expected)))
    return f"Group {number} is the first that is not right.{length}"


def _body(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper()).removeprefix(re.sub(r"[^0-9A-Z]", "", PREFIX))


# --- Asking ---------------------------------------------------------------------------------------------------------


def is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def recovery_key(key_file: str | None) -> pyrage.x25519.Identity:
    """From `key_file`, else typed without being shown. Raises KeyRefused, and EOFError when nothing more comes."""
    if key_file:
        return _only_key(_text_of(Path(key_file)), f"{key_file} is not an age key")
    if not is_terminal():
        raise KeyRefused("There is no terminal to type the recovery key into: name a file with --key-file.")
    typed = getpass("Recovery key (it is not shown): ")
    return _only_key(PREFIX + _body(typed), "That is not a whole age key")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRefused(f"{path} cannot be read: {getattr(error, 'strerror', '') or 'it is not text'}.") from error


def _only_key(text: str, otherwise: str) -> pyrage.x25519.Identity:
    try:
        found = age_keys.identities(text)
    except pyrage.IdentityError:
        # As a cause it would carry the key's own text into a traceback.
        found = []
    if len(found) != 1:
        raise KeyRefused(f"{otherwise}: it begins with {PREFIX}, and {BODY_LENGTH} characters follow.")
    return found[0]
