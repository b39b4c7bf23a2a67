"""How an enquiry arrives: sealed at once, stored or spooled, and only then told to anybody."""

from __future__ import annotations

import logging
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django import db
from django.db import IntegrityError, transaction
from django.utils import timezone

from admissions import call_times, hours, office, rates, rates_away, sealing, spool, tokens
from admissions.models import AlreadyWithdrawn, Enquiry, EnquiryEvent
from admissions.references import reference_for
from admissions.spool import Waiting
from admissions.tasks import notify_staff, notify_staff_again, remind_of_quarantine_at
from admissions.urgency import is_urgent
from content import published

logger = logging.getLogger(__name__)
Kind = EnquiryEvent.Kind

# Of open time, after which staff are told of what is in quarantine: well before an answer is due.
REMINDED_WITHIN = timedelta(hours=1)
# Two of 3.4 billion references may meet; three times in a row they do not.
REFERENCE_ATTEMPTS = 3


@dataclass(frozen=True)
class Sender:
    """What is known of a request beside the form. `place`: rates.place_of, '' where it is not counted (the site's own
    test); `looks_like_abuse`: abuse.has_signs."""

    place: str = ""
    looks_like_abuse: bool = False
    is_synthetic: bool = False


def submit_enquiry(
    *, cleaned: dict[str, Any], token_nonce: str, language: str, sender: Sender = Sender()
) -> Enquiry | Waiting:
    """Seal, store and have staff told; `cleaned` is EnquiryForm's. While the database is away it waits in the spool,
    under the reference that it will be stored with.

    The same token gives the same Enquiry for ever; when the text has changed, the new one is added to its timeline and
    staff are told of that too.
    Raises rates.TooMany, models.AlreadyWithdrawn, sealing.SealingUnavailable, and spool.SpoolUnwritable when it is
    neither stored nor waiting.
    """
    waiting = _sealed(cleaned, token_nonce, language, sender)
    try:
        return store(waiting, place=sender.place)
    except db.Error as error:
        # The class alone: a database's message may quote what was to be stored.
        logger.error("An enquiry goes to the spool, because it could not be stored (%s).", type(error).__name__)
    # Whether a commit that failed took place nobody knows: when it is taken out, the same key finds the row.
    return _spooled(waiting, sender.place)


def _spooled(waiting: Waiting, place: str) -> Waiting:
    """As it waits now. Raises rates.TooMany and spool.SpoolUnwritable."""
    try:
        # What was confirmed once is confirmed again, and counts once.
        if not place or spool.holds(waiting):
            spool.keep(waiting)
            return waiting
        with rates_away.counted(place, waiting.received_at, is_urgent=waiting.is_urgent) as counts:
            is_suspect = counts.are_suspect and not waiting.is_urgent
            waiting = replace(waiting, is_quarantined=waiting.is_quarantined or is_suspect)
            spool.keep(waiting)
            return waiting
    except spool.SpoolFull:
        raise rates.TooMany from None


def _sealed(cleaned: dict[str, Any], token_nonce: str, language: str, sender: Sender) -> Waiting:
    payload = payload_of(cleaned)
    key, received_at, level = tokens.idempotency_key(token_nonce), timezone.now(), cleaned["level_of_care"]
    urgent = is_urgent(cleaned)
    return Waiting(
        reference=reference_for(key),
        idempotency_key=key,
        content_digest=tokens.content_digest(token_nonce, sealing.canonical(payload)),
        received_at=received_at,
        respond_by_at=respond_by(received_at),
        level_of_care=level and level.pk,
        age_band=cleaned["age_band"],
        language=language,
        is_urgent=urgent,
        # Words of crisis reach a person, whoever seems to have written them.
        is_quarantined=sender.looks_like_abuse and not urgent,
        is_synthetic=sender.is_synthetic,
        call_at=cleaned["call_time"],
        sealed=sealing.seal_payload(payload),
    )


def respond_by(received_at: datetime, within: timedelta = hours.RESPONSE_OPEN_TIME) -> datetime | None:
    """When the office has been open for `within`; None when the office has no hours, or nobody knows them now."""
    try:
        return hours.respond_by(
            received_at, published.office_hours(), published.site_settings().zone, office.closed_days(), within
        )
    except db.Error:
        return None


def store(waiting: Waiting, *, place: str = "") -> Enquiry:
    """Into the database and, in the same transaction, into the queue of what staff are told; counted for `place`, where
    one is given. Raises django.db.Error, rates.TooMany and models.AlreadyWithdrawn."""
    collision: IntegrityError | None = None
    for attempt in range(REFERENCE_ATTEMPTS):
        try:
            # A savepoint where a transaction is open already: PostgreSQL refuses further work after a failed insert.
            with transaction.atomic():
                return _insert(waiting, reference_for(waiting.idempotency_key, attempt), place)
        except rates.TooMany:
            # Sent again, it is stored already: then it was not refused.
            if not _is_stored(waiting):
                raise
            return _sent_again(waiting)
        except IntegrityError as error:
            collision = error
            if _is_stored(waiting):
                return _sent_again(waiting)
    raise collision or IntegrityError


def _insert(waiting: Waiting, reference: str, place: str) -> Enquiry:
    is_suspect = bool(place) and rates.count(place, waiting.received_at, is_urgent=waiting.is_urgent).are_suspect
    enquiry = Enquiry.objects.create(
        reference=reference,
        idempotency_key=waiting.idempotency_key,
        received_at=waiting.received_at,
        respond_by_at=waiting.respond_by_at,
        level_of_care_id=waiting.level_of_care,
        age_band=waiting.age_band,
        language=waiting.language,
        is_urgent=waiting.is_urgent,
        is_quarantined=waiting.is_quarantined or (is_suspect and not waiting.is_urgent),
        is_synthetic=waiting.is_synthetic,
        sealed=waiting.sealed,
        content_digest=waiting.content_digest,
    )
    if waiting.call_at:
        # Who comes too late keeps the enquiry, and is offered other times.
        _claim(enquiry, waiting, waiting.call_at)
    if enquiry.is_quarantined:
        # Its writer was promised an answer, as everybody is.
        remind_of_quarantine_at(respond_by(waiting.received_at, within=REMINDED_WITHIN))
    else:
        notify_staff.enqueue(enquiry.pk)
    return enquiry


def _is_stored(waiting: Waiting) -> bool:
    return Enquiry.objects.filter(idempotency_key=waiting.idempotency_key).exists()


def payload_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What is sealed: everything the visitor wrote, as plain JSON values. Opened enquiries rely on each of these."""
    level = cleaned["level_of_care"]
    return {
        "in_danger": cleaned["in_danger"],
        "writing_as": cleaned["writing_as"],
        "name": cleaned["name"],
        "organisation": cleaned["organisation"],
        "person_knows": cleaned["person_knows"],
        "telephone": cleaned["telephone"].e164,
        "telephone_extension": cleaned["telephone"].extension,
        "email": cleaned["email"],
        "preferred_contact": cleaned["preferred_contact"],
        "call_time": call_times.value_of(cleaned["call_time"]) if cleaned["call_time"] else "",
        **safety_of(cleaned),
        "age_band": cleaned["age_band"],
        "parent_knows": cleaned["parent_knows"],
        "state": cleaned["state"],
        "level_of_care": level.name if level else "",
        "insurer": cleaned["insurer"],
        "message": cleaned["message"],
        "consent": {wording.channel: {"id": wording.pk, "text": wording.text} for wording in cleaned["consent"]},
    }


def safety_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The part that a visitor can change later: how they can be reached safely."""
    return {
        "safe_contact": cleaned["safe_contact"],
        "best_times": cleaned["best_times"],
        "say_who": cleaned["say_who"],
        "other_name": cleaned["other_name"],
        "other_telephone": cleaned["other_telephone"].e164,
        "other_telephone_extension": cleaned["other_telephone"].extension,
    }


def _sent_again(waiting: Waiting) -> Enquiry:
    """The Enquiry that this form made before. Other words are kept, at the time at which they came; where they are the
    last that came, the desk's columns follow them. What waited in a spool may be older than what is stored."""
    with transaction.atomic():
        enquiry = Enquiry.objects.select_for_update().get(idempotency_key=waiting.idempotency_key)
        if enquiry.status == Enquiry.Status.WITHDRAWN:
            raise AlreadyWithdrawn
        texts = _texts(enquiry)
        place = bisect_right(texts, waiting.received_at, key=itemgetter(0))
        if waiting.content_digest in {digest for _at, digest in texts[max(0, place - 1) : place + 1]}:
            # What came just before it, or just after, says the same.
            return enquiry
        EnquiryEvent.objects.create(
            enquiry=enquiry,
            kind=Kind.SENT_AGAIN,
            at=waiting.received_at,
            sealed=waiting.sealed,
            content_digest=waiting.content_digest,
        )
        if place == len(texts):
            _follow(enquiry, waiting)
        if waiting.is_urgent:
            enquiry.is_urgent, enquiry.is_quarantined = True, False
        # Whatever was promised first is kept.
        enquiry.respond_by_at = min(filter(None, [enquiry.respond_by_at, waiting.respond_by_at]), default=None)
        enquiry.save(update_fields=["level_of_care", "age_band", "is_urgent", "is_quarantined", "respond_by_at"])
        if not enquiry.is_quarantined:
            notify_staff_again.enqueue(enquiry.pk)
        return enquiry


def _texts(enquiry: Enquiry) -> list[tuple[datetime, str]]:
    """When each of its forms came and what it digests to, in the order in which they came."""
    again = enquiry.events.filter(kind=Kind.SENT_AGAIN).order_by("at", "pk").values_list("at", "content_digest")
    return sorted([(enquiry.received_at, enquiry.content_digest), *again], key=itemgetter(0))


def _follow(enquiry: Enquiry, waiting: Waiting) -> None:
    """What the desk sees of the last words, to be saved by the caller; and the call, unless it was changed since."""
    enquiry.level_of_care_id, enquiry.age_band = waiting.level_of_care, waiting.age_band
    if enquiry.events.filter(kind=Kind.CALL_TIME, at__gt=waiting.received_at).exists():
        return
    if waiting.call_at:
        _claim(enquiry, waiting, waiting.call_at, is_change=True)
    else:
        call_times.give_up(enquiry, at=waiting.received_at)


def _claim(enquiry: Enquiry, waiting: Waiting, call_at: datetime, *, is_change: bool = False) -> None:
    """In the caller's transaction. Of a time that is taken staff read in the timeline: a visitor who wrote while the
    database was away could be told no more than that it was asked for."""
    at = waiting.received_at
    if not call_times.claim(enquiry, call_at, is_change=is_change, at=at):
        EnquiryEvent.objects.create(enquiry=enquiry, kind=Kind.CALL_TIME_LOST, call_at=call_at, at=at)
