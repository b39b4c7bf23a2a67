"""Private age keys as people keep them: several in one text, the current one first. Reads no settings."""

from __future__ import annotations

import pyrage


def identities(text: str) -> list[pyrage.x25519.Identity]:
    """The keys in `text`, in its order: with spaces or line breaks between them, and comments after a # as age-keygen
    writes them. Raises pyrage.IdentityError, whose words may quote the text."""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    return [pyrage.x25519.Identity.from_str(word) for line in lines for word in line.split()]


def public_half(identity: pyrage.x25519.Identity) -> str:
    """What is sealed to it: "age1…"."""
    return str(identity.to_public())
