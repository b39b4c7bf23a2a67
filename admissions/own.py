"""What visitors do with their own message once it is sent. Nothing here can open what they wrote."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from admissions import call_times, sealing, tokens
from admissions.choices import SafeContact
from admissions.models import AlreadyWithdrawn, Enquiry, EnquiryEvent
from admissions.rates import TooMany
from admissions.receipts import Receipt
from admissions.tasks import notify_staff, notify_staff_again, notify_withdrawn
from content.searching import crisis

Kind = EnquiryEvent.Kind
LINK_BYTES = 32
# Of one message. Counted by what its timeline has, so nobody is held up because others at the same address write much.
MOST_CHANGES_AN_HOUR = 20
# The database's clock, the receipt's whole seconds.
MARGIN = timedelta(minutes=1)
DONE_FOR = timedelta(minutes=10)
SHOWN_FOR = timedelta(minutes=10)
_TICKET_SALT, _LINK_SALT = "admissions.own.ticket", "admissions.own.link"
_DONE_SALTS = {False: "admissions.own.done", True: "admissions.own.done.urgent"}


class CallTimeTaken(Exception):
    """Somebody else was quicker; what was agreed on before is as it was."""


class NotStoredYet(Exception):
    """It waits in the spool."""


# --- The link -------------------------------------------------------------------------------------------------------


def make_link(receipt: Receipt) -> str:
    """A ticket to the one page that shows it; one that was made before leads nowhere from now on. Raises NotStoredYet
    and django.db.Error."""
    nonce = secrets.token_urlsafe(LINK_BYTES)
    Enquiry.objects.filter(pk=of_receipt(receipt).pk).update(link_digest=digest(_token(nonce)))
    return TimestampSigner(salt=f"{_TICKET_SALT}.{receipt.reference}").sign(nonce)


def token_of(reference: str, ticket: str) -> str:
    """Of the link's address; '' for a ticket that is old, another's or not ours. It can be made from the ticket, which
    stays in the browser's history, for SHOWN_FOR and by this site alone."""
    try:
        return _token(TimestampSigner(salt=f"{_TICKET_SALT}.{reference}").unsign(ticket, max_age=SHOWN_FOR))
    except BadSignature:
        return ""


def _token(nonce: str) -> str:
    made = salted_hmac(_LINK_SALT, nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def of_receipt(receipt: Receipt) -> Enquiry:
    """Raises NotStoredYet and django.db.Error."""
    if (enquiry := _rows(receipt).defer("sealed").first()) is None:
        raise NotStoredYet
    return enquiry


def as_it_is_now(receipt: Receipt) -> Receipt:
    """With what its row says, once there is one, in place of what was so when it was sent. One query; raises
    django.db.Error."""
    changes = EnquiryEvent.objects.filter(enquiry=OuterRef("pk"), kind=Kind.CALL_TIME)
    row = (
        _rows(receipt)
        .values("status", "respond_by_at", call_at=F("call_time__starts_at"), was_changed=Exists(changes))
        .first()
    )
    if row is None:
        return receipt
    was_wanted = receipt.is_call_time_asked or receipt.is_call_time_lost
    return replace(
        receipt,
        respond_by_at=row["respond_by_at"],
        call_at=row["call_at"],
        is_call_time_asked=False,
        is_call_time_lost=was_wanted and row["call_at"] is None and not row["was_changed"],
        is_withdrawn=row["status"] == Enquiry.Status.WITHDRAWN,
    )


def _rows(receipt: Receipt) -> QuerySet[Enquiry]:
    """None or one."""
    # A reference given out while the database was away may turn out to be another's (draining.py): its time tells.
    made = receipt.made_at
    return Enquiry.objects.filter(
        reference=receipt.reference, received_at__range=(made - tokens.MAX_AGE - MARGIN, made + MARGIN)
    )


def find(token: str) -> Enquiry | None:
    """Raises django.db.Error."""
    return Enquiry.objects.defer("sealed").filter(link_digest=digest(token)).first()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- What can be done by it -----------------------------------------------------------------------------------------
# Each raises models.AlreadyWithdrawn, rates.TooMany and django.db.Error; what seals, sealing.SealingUnavailable.


def add_message(*, enquiry: Enquiry, message: str, nonce: str) -> bool:
    """Whether it has words of crisis. The same message by the same form is added once."""
    payload = {"message": message}
    sealed, is_urgent = sealing.seal_payload(payload), crisis.is_in(message)
    key = _content_digest(enquiry, Kind.ADDED, payload, nonce)
    with transaction.atomic():
        current = _locked(enquiry)
        if not EnquiryEvent.objects.filter(idempotency_key=key).exists():
            _refuse_too_many(current)
            EnquiryEvent.objects.create(enquiry=current, kind=Kind.ADDED, sealed=sealed, idempotency_key=key)
            _have_staff_told(current, is_urgent=is_urgent)
    return is_urgent


def change_safety(*, enquiry: Enquiry, safety: dict[str, Any], nonce: str) -> None:
    """`safety` is receiving.safety_of. The same answers by the same form count once, unless others came between. A call
    that is not safe by them is given up."""
    sealed, content_digest = sealing.seal_payload(safety), _content_digest(enquiry, Kind.SAFETY, safety, nonce)
    with transaction.atomic():
        current = _locked(enquiry)
        last = current.events.filter(kind__in=[Kind.SAFETY, Kind.SENT_AGAIN]).order_by("-at", "-pk").first()
        if last is None or last.content_digest != content_digest:
            _refuse_too_many(current)
            EnquiryEvent.objects.create(enquiry=current, kind=Kind.SAFETY, sealed=sealed, content_digest=content_digest)
            _have_staff_told(current)
        call_at = call_times.of(current)
        if call_at and not _is_safe_call(call_at, safety):
            call_times.give_up(current)


def _is_safe_call(call_at: datetime, safety: dict[str, Any]) -> bool:
    """Whether the desk would make it (contact.py), to them or to whoever they named instead."""
    may_call = SafeContact.CALL in safety["safe_contact"] or safety["other_telephone"]
    return bool(may_call) and call_times.is_within(call_at, safety["best_times"])


def change_call_time(*, enquiry: Enquiry, starts_at: datetime | None) -> None:
    """`starts_at` None: as soon as possible. Raises CallTimeTaken."""
    with transaction.atomic():
        current = _locked(enquiry)
        if starts_at == call_times.of(current):
            return
        _refuse_too_many(current)
        if starts_at is None:
            call_times.give_up(current)
        elif not call_times.claim(current, starts_at, is_change=True):
            raise CallTimeTaken
        _have_staff_told(current)


def withdraw(*, enquiry: Enquiry) -> None:
    """Erases what was written. Never refused: who asks twice, or after many changes, has it withdrawn all the same."""
    with transaction.atomic():
        current = Enquiry.objects.select_for_update().defer("sealed").get(pk=enquiry.pk)
        if current.status != Enquiry.Status.WITHDRAWN:
            was_told = not current.is_quarantined
            current.withdraw()
            if was_told:
                notify_withdrawn.enqueue(current.pk)


def _locked(enquiry: Enquiry) -> Enquiry:
    """Whoever else changes or withdraws it waits."""
    current = Enquiry.objects.select_for_update().defer("sealed").get(pk=enquiry.pk)
    if current.status == Enquiry.Status.WITHDRAWN:
        raise AlreadyWithdrawn
    return current


def _refuse_too_many(enquiry: Enquiry) -> None:
    recent = enquiry.events.filter(actor=None, at__gt=timezone.now() - timedelta(hours=1))
    if recent.count() >= MOST_CHANGES_AN_HOUR:
        raise TooMany


def _have_staff_told(enquiry: Enquiry, *, is_urgent: bool = False) -> None:
    """In the caller's transaction. Words of crisis reach a person also from quarantine, of which nobody was told."""
    was_quarantined = enquiry.is_quarantined
    if is_urgent:
        Enquiry.objects.filter(pk=enquiry.pk).update(is_urgent=True, is_quarantined=False)
    if not was_quarantined:
        notify_staff_again.enqueue(enquiry.pk)
    elif is_urgent:
        notify_staff.enqueue(enquiry.pk)


def _content_digest(enquiry: Enquiry, kind: str, payload: dict[str, object], nonce: str) -> str:
    return tokens.content_digest(nonce, sealing.canonical({"of": enquiry.pk, "kind": kind, "payload": payload}))


# --- What the page says afterwards ----------------------------------------------------------------------------------


def done_mark(what: str, *, is_urgent: bool = False) -> str:
    """For the query of the page's address. An urgent one looks like any other, and after a while it says nothing."""
    return TimestampSigner(salt=_DONE_SALTS[is_urgent]).sign(what)


def read_done(mark: str) -> tuple[str, bool]:
    """What was done, and whether it was urgent; '' for a mark that is old or not ours."""
    for is_urgent, salt in _DONE_SALTS.items():
        try:
            return TimestampSigner(salt=salt).unsign(mark, max_age=DONE_FOR), is_urgent
        except BadSignature:
            continue
    return "", False
