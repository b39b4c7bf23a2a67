"""What an address says for us while the database cannot: that we gave out this reference, and answer by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer

_SALT = "admissions.receipt"


@dataclass(frozen=True)
class Receipt:
    reference: str
    respond_by_at: datetime | None


def sign(receipt: Receipt) -> str:
    """For the query of the confirmation's address; it says nothing that the page does not show."""
    moment = str(int(receipt.respond_by_at.timestamp())) if receipt.respond_by_at else "-"
    return Signer(salt=_SALT).sign(f"{receipt.reference}.{moment}").partition(".")[2]


def read(reference: str, signed: str) -> Receipt | None:
    """None unless it is ours, and of this reference."""
    try:
        value = Signer(salt=_SALT).unsign(f"{reference}.{signed}")
    except BadSignature:
        return None
    moment = value.partition(".")[2]
    return Receipt(reference, None if moment == "-" else datetime.fromtimestamp(int(moment), UTC))
