"""The form's one-time token: it stands where a cookie would, and makes sending twice the same as sending once.

A token is a random nonce, signed with the time. Only digests made from the nonce are stored, never the nonce itself.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

MAX_AGE = timedelta(hours=24)
_SALT = "admissions.form-token"


class State(enum.Enum):
    VALID = "valid"
    EXPIRED = "expired"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class FormToken:
    """`nonce` is '' unless the token is valid."""

    state: State
    nonce: str = ""


def issue() -> str:
    return TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(24))


def read(token: str) -> FormToken:
    try:
        return FormToken(State.VALID, TimestampSigner(salt=_SALT).unsign(token, max_age=MAX_AGE))
    except SignatureExpired:
        return FormToken(State.EXPIRED)
    except BadSignature:
        return FormToken(State.FOREIGN)


def idempotency_key(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def content_digest(nonce: str, content: bytes) -> str:
    """Equal for equal `content` of one form. Without the nonce, which only the visitor's page has, it says nothing."""
    return hmac.new(nonce.encode(), content, hashlib.sha256).hexdigest()
