"""The form's one-time token: it stands where a cookie would, and makes sending twice the same as sending once.

A token is a random nonce, signed with the time. Only digests made from the nonce are stored, never the nonce itself.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner, b62_decode

MAX_AGE = timedelta(hours=24)
_SALT = "admissions.form-token"
# Begins the nonce of a page that was not empty.
AGAIN = "again."


class State(enum.Enum):
    VALID = "valid"
    EXPIRED = "expired"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class FormToken:
    """`nonce` is '' unless the token is valid; `age`: since its page was made."""

    state: State
    nonce: str = ""
    age: timedelta = timedelta()


def issue(*, is_for_what_was_written: bool = False) -> str:
    """`is_for_what_was_written`: its page comes back filled in, so that it can be sent at once."""
    nonce = secrets.token_urlsafe(24)
    return TimestampSigner(salt=_SALT).sign(f"{AGAIN}{nonce}" if is_for_what_was_written else nonce)


def read(token: str) -> FormToken:
    signer = TimestampSigner(salt=_SALT)
    try:
        nonce = signer.unsign(token, max_age=MAX_AGE)
        made_at = b62_decode(token.rsplit(signer.sep, 2)[1])
        age = MAX_AGE if nonce.startswith(AGAIN) else timedelta(seconds=max(0.0, time.time() - made_at))
        return FormToken(State.VALID, nonce, age)
    except SignatureExpired:
        return FormToken(State.EXPIRED)
    except BadSignature:
        return FormToken(State.FOREIGN)


def idempotency_key(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def content_digest(nonce: str, content: bytes) -> str:
    """Equal for equal `content` of one form. Without the nonce, which only the visitor's page has, it says nothing."""
    return hmac.new(nonce.encode(), content, hashlib.sha256).hexdigest()
