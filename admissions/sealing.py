"""Sealing and opening with age (X25519): bytes in, bytes out. Imports no models.

The public surface holds public keys only, so it can write an enquiry and never read one back. Everything is sealed to
the recovery key as well, which is kept offline. The format is age's own (age-encryption.org/v1), so the plain `age`
command opens it too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyrage
from django.conf import settings
from django.utils.translation import gettext as _

from iop_site import age_keys

# The second adds what is safe and agreed, channel by channel; what the first lacks, opened.py reads as not said.
SCHEMA = 2
KNOWN_SCHEMAS = (1, 2)


class SealingError(Exception):
    """Sealing or opening failed; its text is a sentence for staff and holds nothing of what is sealed."""


class SealingUnavailable(SealingError):
    """There is no usable public key to seal to."""


class StaffKeyMissing(SealingError):
    """This process has no usable staff key."""


class SealBroken(SealingError):
    """The staff key is there and does not open this: a wrong key, or damaged bytes."""


def seal(plaintext: bytes, recipients: Sequence[str]) -> bytes:
    """An age file that each of `recipients` ("age1…") can open. Raises SealingUnavailable."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
        return pyrage.encrypt(plaintext, keys)
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise SealingUnavailable(
            _("Nothing can be sealed, because a public key is missing or is not an age key: {reason}.").format(
                reason=error
            )
        ) from error


def identities(text: str) -> list[pyrage.x25519.Identity]:
    """The private keys in `text`, the current one first. Raises StaffKeyMissing where there is none."""
    try:
        keys = age_keys.identities(text)
    except pyrage.IdentityError:
        # As a cause it would carry the key's own text into a traceback.
        keys = []
    if not keys:
        raise StaffKeyMissing(
            _(
                "Tell whoever runs this site: the staff key is not an age key. The setting is ENQUIRY_STAFF_KEY; a key"
                " begins with AGE-SECRET-KEY-1 and is one line."
            )
        )
    return keys


def open_sealed(sealed: bytes, identity: str) -> bytes:
    """The plaintext of an age file, by whichever of the keys in `identity` fits. Raises StaffKeyMissing for a key that
    is none, SealBroken where none fits."""
    return open_with(sealed, identities(identity))


def open_with(sealed: bytes, keys: Sequence[pyrage.x25519.Identity]) -> bytes:
    """The plaintext of an age file. Raises SealBroken where none of `keys` fits."""
    try:
        return pyrage.decrypt(bytes(sealed), keys)
    except pyrage.DecryptError as error:
        raise SealBroken(
            _("This cannot be opened: the staff key here is not the one it was sealed to, or it was damaged.")
        ) from error


def recipients() -> list[str]:
    """The public keys that everything is sealed to. Raises SealingUnavailable when one is not set."""
    keys = [settings.ENQUIRY_STAFF_PUBLIC_KEY, settings.ENQUIRY_RECOVERY_PUBLIC_KEY]
    if not all(keys):
        raise SealingUnavailable(
            _(
                "Nothing can be sealed, because a public key is missing: set ENQUIRY_STAFF_PUBLIC_KEY and"
                " ENQUIRY_RECOVERY_PUBLIC_KEY."
            )
        )
    return keys


def staff_identity() -> str:
    """The staff keys of this process in one text: the current one, then those that it replaced and that may still be
    needed. Raises StaffKeyMissing when there is none."""
    if not settings.ENQUIRY_STAFF_KEY:
        raise StaffKeyMissing(
            _(
                "Tell whoever runs this site: the staff key is not here, so nothing sealed can be read. The setting is"
                " ENQUIRY_STAFF_KEY, or ENQUIRY_STAFF_KEY_FILE for a file that holds the key."
            )
        )
    return settings.ENQUIRY_STAFF_KEY


def canonical(payload: dict[str, Any]) -> bytes:
    """The one JSON text of `payload`: keys sorted, no spaces, UTF-8."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal_payload(payload: dict[str, Any]) -> bytes:
    """`payload` as canonical JSON with its schema number, sealed to the staff and the recovery key."""
    return seal(canonical({"schema": SCHEMA} | payload), recipients())


def open_payload(sealed: bytes, identity: str) -> dict[str, Any]:
    """What `seal_payload` sealed. Raises SealBroken also when it is of a schema that is not known here."""
    try:
        payload = json.loads(open_sealed(sealed, identity))
    except ValueError as error:
        raise SealBroken(_("This was opened, but what is inside is damaged.")) from error
    if not isinstance(payload, dict) or payload.get("schema") not in KNOWN_SCHEMAS:
        raise SealBroken(_("This was sealed by another release of the site, which writes it in a way not known here."))
    return payload
