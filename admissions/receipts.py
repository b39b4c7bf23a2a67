"""What the address of a confirmation says for us: that we gave out this reference, when, and by when we answer.

It needs no database. Whoever has a receipt that is new enough has just sent the enquiry, and may do more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils import timezone

# Signed with another salt, an urgent one looks like any other: nobody who sees the address learns it.
_SALTS = {False: "admissions.receipt", True: "admissions.receipt.urgent"}
NEW_FOR = timedelta(hours=1)
LONG_AGO = datetime.fromtimestamp(0, UTC)
# In place of a time, and before one that nobody could hold for the visitor yet.
NONE, LOST, ASKED = "-", "lost", "~"


@dataclass(frozen=True)
class Receipt:
    """`made_at`: when the enquiry arrived first."""

    reference: str
    respond_by_at: datetime | None
    made_at: datetime
    is_urgent: bool = False
    # When we call, if a time was chosen. `is_call_time_asked`: while the database is away nobody knows whether it is
    # free; `is_call_time_lost`: somebody else was quicker.
    call_at: datetime | None = None
    is_call_time_asked: bool = False
    is_call_time_lost: bool = False
    # Never signed: the row alone tells (own.as_it_is_now).
    is_withdrawn: bool = False

    @property
    def is_new(self) -> bool:
        return timezone.now() - self.made_at < NEW_FOR


def sign(receipt: Receipt) -> str:
    """For the query of the confirmation's address; it can be read, and says nothing that the page does not show."""
    call = LOST if receipt.is_call_time_lost else ASKED * receipt.is_call_time_asked + _seconds(receipt.call_at)
    values = receipt.reference, _seconds(receipt.respond_by_at), _seconds(receipt.made_at), call
    return Signer(salt=_SALTS[receipt.is_urgent]).sign(".".join(values)).partition(".")[2]


def read(reference: str, signed: str) -> Receipt | None:
    """None unless it is ours, and of this reference."""
    for is_urgent, salt in _SALTS.items():
        try:
            value = Signer(salt=salt).unsign(f"{reference}.{signed}")
        except BadSignature:
            continue
        _reference, respond_by_at, made_at, call = value.split(".")
        return Receipt(
            reference,
            respond_by_at=_moment(respond_by_at),
            made_at=_moment(made_at) or LONG_AGO,
            is_urgent=is_urgent,
            call_at=None if call == LOST else _moment(call.removeprefix(ASKED)),
            is_call_time_asked=call.startswith(ASKED),
            is_call_time_lost=call == LOST,
        )
    return None


def _seconds(moment: datetime | None) -> str:
    return str(int(moment.timestamp())) if moment else NONE


def _moment(seconds: str) -> datetime | None:
    return None if seconds == NONE else datetime.fromtimestamp(int(seconds), UTC)
