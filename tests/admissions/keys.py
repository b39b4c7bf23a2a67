"""Keys for tests that are about keys."""

from __future__ import annotations

import pyrage


def key_pair() -> tuple[str, str]:
    """A new age identity and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())
