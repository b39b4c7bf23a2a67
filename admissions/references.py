"""Reference numbers that can be read aloud: seven characters that mean nothing, and one that checks them.

A weighted sum over a prime-sized alphabet (as in ISBN-10) is zero for every true reference. All weights differ and
none is a multiple of the prime, so one wrong character, or any two that changed places, never gives another true one.
"""

from __future__ import annotations

import hashlib

# No vowels (no words by accident), nothing that looks like something else (0 O, 1 I L, 5 S, 8 B are never both here).
ALPHABET = "23456789CDFHJKMNPRTVWXY"
LENGTH = 8


def reference_for(idempotency_key: str, attempt: int = 0) -> str:
    """The same for the same form, in every process and on every machine, also while none of them can ask another. A
    later `attempt` is another one, for when somebody has the first."""
    number = int.from_bytes(hashlib.sha256(f"{idempotency_key} {attempt}".encode()).digest())
    body = ""
    for _position in range(LENGTH - 1):
        number, index = divmod(number, len(ALPHABET))
        body += ALPHABET[index]
    # The check character has weight 1.
    return body + ALPHABET[-_weighted_sum(body) % len(ALPHABET)]


def normalise(text: str) -> str:
    """`text` as a reference is stored: people write it in lower case, with spaces or with hyphens."""
    return "".join(character for character in text.upper() if not character.isspace() and character != "-")


def is_reference(text: str) -> bool:
    """Whether `text`, already normalised, has the right length, letters and check character."""
    return (
        len(text) == LENGTH
        and all(character in ALPHABET for character in text)
        and _weighted_sum(text) % len(ALPHABET) == 0
    )


def spoken(reference: str) -> str:
    """In two groups of four, to be read aloud."""
    return f"{reference[:4]} {reference[4:]}"


def _weighted_sum(text: str) -> int:
    return sum((LENGTH - position) * ALPHABET.index(character) for position, character in enumerate(text))
