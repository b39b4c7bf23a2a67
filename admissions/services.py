"""What happens to an enquiry, each flow in one function: called by the views, the admin and tasks alike."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import db
from django.db import IntegrityError, transaction
from django.utils import timezone

from admissions import hours, sealing, spool, tokens
from admissions.models import Enquiry, EnquiryEvent, ReadRecord
from admissions.opened import Person
from admissions.references import reference_for
from admissions.spool import Waiting
from admissions.tasks import notify_staff, notify_staff_again
from content import published

logger = logging.getLogger(__name__)

# Two of 3.4 billion references may meet; three times in a row they do not.
REFERENCE_ATTEMPTS = 3


@dataclass(frozen=True)
class OpenedEvent:
    """`note` is what was written; `person` is what the visitor sent again; `problem` says why neither can be read."""

    event: EnquiryEvent
    note: str = ""
    person: Person | None = None
    problem: str = ""


@dataclass(frozen=True)
class OpenedEnquiry:
    """`person` is what the visitor sent last, `first` what they sent at first; the same when they sent once."""

    enquiry: Enquiry
    person: Person
    first: Person
    events: list[OpenedEvent]


# --- From the visitor -----------------------------------------------------------------------------------------------


def submit_enquiry(*, cleaned: dict[str, Any], token_nonce: str, language: str) -> Enquiry | Waiting:
    """Seal, store and have staff told; `cleaned` is EnquiryForm's. While the database is away it waits in the spool,
    under the reference that it will be stored with.

    The same token gives the same Enquiry for ever; when the text has changed, the new one is added to its timeline and
    staff are told of that too.
    Raises sealing.SealingUnavailable, and spool.SpoolUnwritable when it is neither stored nor waiting.
    """
    waiting = _sealed(cleaned, token_nonce, language)
    try:
        return store(waiting)
    except db.Error as error:
        # The class alone: a database's message may quote what was to be stored.
        logger.error("An enquiry goes to the spool, because it could not be stored (%s).", type(error).__name__)
    # Whether a commit that failed took place nobody knows: when it is taken out, the same key finds the row.
    spool.keep(waiting)
    return waiting


def _sealed(cleaned: dict[str, Any], token_nonce: str, language: str) -> Waiting:
    payload = payload_of(cleaned)
    key, received_at, level = tokens.idempotency_key(token_nonce), timezone.now(), cleaned["level_of_care"]
    return Waiting(
        reference=reference_for(key),
        idempotency_key=key,
        content_digest=tokens.content_digest(token_nonce, sealing.canonical(payload)),
        received_at=received_at,
        respond_by_at=respond_by(received_at),
        level_of_care=level and level.pk,
        age_band=cleaned["age_band"],
        language=language,
        sealed=sealing.seal_payload(payload),
    )


def respond_by(received_at: datetime) -> datetime | None:
    """None when the office has no hours, or nobody knows them now."""
    try:
        return hours.respond_by(received_at, published.office_hours(), published.site_settings().zone)
    except db.Error:
        return None


def store(waiting: Waiting) -> Enquiry:
    """Into the database and, in the same transaction, into the queue of what staff are told; raises django.db.Error."""
    collision: IntegrityError | None = None
    for attempt in range(REFERENCE_ATTEMPTS):
        try:
            # A savepoint where a transaction is open already: PostgreSQL refuses further work after a failed insert.
            with transaction.atomic():
                enquiry = Enquiry.objects.create(
                    reference=reference_for(waiting.idempotency_key, attempt),
                    idempotency_key=waiting.idempotency_key,
                    received_at=waiting.received_at,
                    respond_by_at=waiting.respond_by_at,
                    level_of_care_id=waiting.level_of_care,
                    age_band=waiting.age_band,
                    language=waiting.language,
                    sealed=waiting.sealed,
                    content_digest=waiting.content_digest,
                )
                notify_staff.enqueue(enquiry.pk)
            return enquiry
        except IntegrityError as error:
            collision = error
            if Enquiry.objects.filter(idempotency_key=waiting.idempotency_key).exists():
                return _sent_again(waiting)
    raise collision or IntegrityError


def payload_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What is sealed: everything the visitor wrote, as plain JSON values. Opened enquiries rely on each of these."""
    level = cleaned["level_of_care"]
    return {
        "writing_as": cleaned["writing_as"],
        "name": cleaned["name"],
        "telephone": cleaned["telephone"].e164,
        "telephone_extension": cleaned["telephone"].extension,
        "email": cleaned["email"],
        "preferred_contact": cleaned["preferred_contact"],
        "safe_contact": cleaned["safe_contact"],
        "best_times": cleaned["best_times"],
        "age_band": cleaned["age_band"],
        "state": cleaned["state"],
        "level_of_care": level.name if level else "",
        "insurer": cleaned["insurer"],
        "message": cleaned["message"],
    }


def _sent_again(waiting: Waiting) -> Enquiry:
    """The Enquiry that this form made before; what has changed since then is kept, and the desk's columns follow it."""
    with transaction.atomic():
        enquiry = Enquiry.objects.select_for_update().get(idempotency_key=waiting.idempotency_key)
        last = enquiry.events.filter(kind=EnquiryEvent.Kind.SENT_AGAIN).order_by("-at", "-pk").first()
        if waiting.content_digest == (last or enquiry).content_digest:
            return enquiry
        EnquiryEvent.objects.create(
            enquiry=enquiry,
            kind=EnquiryEvent.Kind.SENT_AGAIN,
            sealed=waiting.sealed,
            content_digest=waiting.content_digest,
        )
        enquiry.level_of_care_id, enquiry.age_band = waiting.level_of_care, waiting.age_band
        enquiry.save(update_fields=["level_of_care", "age_band"])
        notify_staff_again.enqueue(enquiry.pk)
        return enquiry


# --- Reading --------------------------------------------------------------------------------------------------------


def open_enquiry(*, enquiry: Enquiry, actor: Any) -> OpenedEnquiry:
    """Everything sealed about `enquiry`. The read record is committed before anything is opened.

    Raises sealing.StaffKeyMissing (nothing was read, nothing is recorded) and sealing.SealBroken.
    """
    identity = sealing.staff_identity()
    with transaction.atomic(durable=True):
        ReadRecord.objects.create(actor=actor, action=ReadRecord.Action.OPEN, references=[enquiry.reference])
    first = Person(sealing.open_payload(enquiry.sealed, identity))
    events = [_opened_event(event, identity) for event in enquiry.events.select_related("actor")]
    sent_again = [event for event in events if event.event.kind == EnquiryEvent.Kind.SENT_AGAIN]
    if sent_again and not sent_again[-1].person:
        # What was safe before may be safe no longer: an older text must not stand in for the one that cannot be read.
        raise sealing.SealBroken(sent_again[-1].problem)
    person = sent_again[-1].person if sent_again else first
    return OpenedEnquiry(enquiry=enquiry, person=person, first=first, events=events)


def _opened_event(event: EnquiryEvent, identity: str) -> OpenedEvent:
    if event.sealed is None:
        return OpenedEvent(event)
    try:
        payload = sealing.open_payload(event.sealed, identity)
    except sealing.SealBroken as error:
        return OpenedEvent(event, problem=str(error))
    if event.kind == EnquiryEvent.Kind.SENT_AGAIN:
        return OpenedEvent(event, person=Person(payload))
    return OpenedEvent(event, note=payload["note"])


def unopened_events(enquiry: Enquiry) -> list[OpenedEvent]:
    """The timeline without what was written in it."""
    return [OpenedEvent(event) for event in enquiry.events.select_related("actor")]


def open_names(*, enquiries: Sequence[Enquiry], actor: Any) -> dict[int, str]:
    """The enquirers' names by primary key; one read record for all of them. '' where the key does not open one.

    Raises sealing.StaffKeyMissing (nothing was read, nothing is recorded).
    """
    identity = sealing.staff_identity()
    if not enquiries:
        return {}
    with transaction.atomic(durable=True):
        ReadRecord.objects.create(
            actor=actor, action=ReadRecord.Action.LIST, references=[enquiry.reference for enquiry in enquiries]
        )
    sealed = {enquiry.pk: enquiry.sealed for enquiry in enquiries}
    sent_again = EnquiryEvent.objects.filter(enquiry__in=list(sealed), kind=EnquiryEvent.Kind.SENT_AGAIN)
    sealed |= dict(sent_again.order_by("at", "pk").values_list("enquiry_id", "sealed"))
    return {pk: _name_in(one, identity) for pk, one in sealed.items()}


def _name_in(sealed: bytes, identity: str) -> str:
    try:
        return Person(sealing.open_payload(sealed, identity)).name
    except sealing.SealBroken:
        return ""


# --- What staff do --------------------------------------------------------------------------------------------------


def change_status(*, enquiry: Enquiry, status: str, actor: Any, note: str = "") -> EnquiryEvent:
    """Raises models.IllegalTransition and, when there is a note, sealing.SealingUnavailable."""
    return enquiry.move_to(status, by=actor, sealed=sealing.seal_payload({"note": note}) if note else None)


def add_note(*, enquiry: Enquiry, note: str, actor: Any) -> EnquiryEvent:
    """Raises sealing.SealingUnavailable."""
    return enquiry.add_note(sealing.seal_payload({"note": note}), by=actor)
