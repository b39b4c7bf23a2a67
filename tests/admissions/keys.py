"""Keys for tests that are about keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage


def key_pair() -> tuple[str, str]:
    """A new age identity and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def use_new_keys(settings: Any, *, former: bool = True) -> tuple[str, str]:
    """As after new_keys and a restart; the private halves of the new staff and recovery key. `former`: the staff key
    that was in use stands behind the new one."""
    (staff, staff_public), (recovery, recovery_public) = key_pair(), key_pair()
    settings.ENQUIRY_STAFF_KEY = f"{staff}\n{settings.ENQUIRY_STAFF_KEY}" if former else staff
    settings.ENQUIRY_STAFF_PUBLIC_KEY, settings.ENQUIRY_RECOVERY_PUBLIC_KEY = staff_public, recovery_public
    return staff, recovery


def opens(sealed: bytes, key: str) -> bool:
    try:
        pyrage.decrypt(bytes(sealed), [pyrage.x25519.Identity.from_str(key)])
    except pyrage.DecryptError:
        return False
    return True


def key_file(folder: Path, key: str) -> str:
    """As age-keygen writes one."""
    path = folder / "offline.key"
    path.write_text(f"# created: 2026-01-02T03:04:05Z\n{key}\n")
    return str(path)
