"""What staff do with an enquiry, each flow in one function; how it arrives is receiving.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F

from admissions import sealing
from admissions.choices import ConsentChannel
from admissions.models import AlreadyWithdrawn, Enquiry, EnquiryEvent, ReadRecord
from admissions.opened import Person
from admissions.tasks import notify_staff

Kind = EnquiryEvent.Kind


@dataclass(frozen=True)
class OpenedEvent:
    """`note` is what was written; `person` is what the visitor sent again, or the person after what is safe changed;
    `channel` is the one of a consent that was taken back; `problem` says why none of it can be read."""

    event: EnquiryEvent
    note: str = ""
    person: Person | None = None
    channel: str = ""
    problem: str = ""

    @property
    def channel_label(self) -> str:
        return str(dict(ConsentChannel.choices).get(self.channel, self.channel))

    @property
    def was_written(self) -> bool:
        """Whether words belong to it; a status may have some."""
        return self.event.kind in {Kind.NOTE, Kind.SENT_AGAIN, Kind.ADDED, Kind.SAFETY, Kind.NO_CONSENT}


@dataclass(frozen=True)
class OpenedEnquiry:
    """`first` is what the visitor sent at first and `sent` what they sent last, the same when they sent once; `person`
    is that with all that has changed since."""

    enquiry: Enquiry
    person: Person
    first: Person
    sent: Person
    events: list[OpenedEvent]

    @property
    def added(self) -> list[OpenedEvent]:
        return [entry for entry in self.events if entry.event.kind == Kind.ADDED]


# --- Reading --------------------------------------------------------------------------------------------------------


def open_enquiry(
    *, enquiry: Enquiry, actor: Any, action: str = ReadRecord.Action.OPEN, reason: str = ""
) -> OpenedEnquiry:
    """Everything sealed about `enquiry`. The read record is committed before anything is opened; `action` is what it
    says, `reason` why, and `actor` None where the site itself reads.

    Raises models.AlreadyWithdrawn, sealing.StaffKeyMissing (nothing was read, nothing is recorded) and
    sealing.SealBroken.
    """
    if enquiry.sealed is None:
        raise AlreadyWithdrawn
    identity = sealing.staff_identity()
    with transaction.atomic(durable=True):
        ReadRecord.objects.create(actor=actor, action=action, references=[enquiry.reference], reason=reason)
    first = sent = person = Person(sealing.open_payload(enquiry.sealed, identity))
    events: list[OpenedEvent] = []
    unread: dict[str, str] = {}
    for event in enquiry.events.select_related("actor"):
        entry = _opened_event(event, person, identity)
        events.append(entry)
        if event.kind == Kind.SENT_AGAIN and event.at < enquiry.received_at:
            # It waited in a spool: what was stored first came after it.
            continue
        if entry.problem and event.kind in {Kind.SENT_AGAIN, Kind.SAFETY, Kind.NO_CONSENT}:
            unread[event.kind] = entry.problem
        elif event.kind == Kind.SENT_AGAIN and entry.person:
            sent, person = entry.person, person.sent_again(entry.person)
            unread = {kind: problem for kind, problem in unread.items() if kind == Kind.NO_CONSENT}
        elif event.kind == Kind.NO_CONSENT:
            person = person.without_consent(entry.channel)
        elif event.kind == Kind.CALL_TIME and event.call_at:
            person = replace(person, chose_call_later=True)
        else:
            person = entry.person or person
    for problem in unread.values():
        # What was safe before may be safe no longer: an older text must not stand in for the one that cannot be read.
        raise sealing.SealBroken(problem)
    return OpenedEnquiry(enquiry=enquiry, person=person, first=first, sent=sent, events=events)


def _opened_event(event: EnquiryEvent, before: Person, identity: str) -> OpenedEvent:
    if event.sealed is None:
        return OpenedEvent(event)
    try:
        payload = sealing.open_payload(event.sealed, identity)
    except sealing.SealBroken as error:
        return OpenedEvent(event, problem=str(error))
    if event.kind == Kind.SENT_AGAIN:
        return OpenedEvent(event, person=Person(payload))
    if event.kind == Kind.SAFETY:
        return OpenedEvent(event, person=before.with_safety(payload))
    if event.kind == Kind.ADDED:
        return OpenedEvent(event, note=payload["message"])
    return OpenedEvent(event, note=payload["note"], channel=payload.get("channel", ""))


def unopened_events(enquiry: Enquiry) -> list[OpenedEvent]:
    """The timeline without what was written in it."""
    return [OpenedEvent(event) for event in enquiry.events.select_related("actor")]


def open_names(*, enquiries: Sequence[Enquiry], actor: Any) -> dict[int, str]:
    """The enquirers' names by primary key; one read record for all of them. '' where the key does not open one, and
    nothing for those that were withdrawn.

    Raises sealing.StaffKeyMissing (nothing was read, nothing is recorded).
    """
    identity = sealing.staff_identity()
    enquiries = [enquiry for enquiry in enquiries if enquiry.sealed is not None]
    if not enquiries:
        return {}
    with transaction.atomic(durable=True):
        ReadRecord.objects.create(
            actor=actor, action=ReadRecord.Action.LIST, references=[enquiry.reference for enquiry in enquiries]
        )
    sealed = {enquiry.pk: enquiry.sealed for enquiry in enquiries}
    sent_again = EnquiryEvent.objects.filter(
        enquiry__in=list(sealed), kind=EnquiryEvent.Kind.SENT_AGAIN, at__gte=F("enquiry__received_at")
    )
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
    """Raises models.AlreadyWithdrawn and sealing.SealingUnavailable."""
    return _add(enquiry, Kind.NOTE, {"note": note}, actor)


def take_back_consent(*, enquiry: Enquiry, channel: str, note: str, actor: Any) -> EnquiryEvent:
    """As somebody told staff, in whatever way; from now on contact.py refuses `channel`, a ConsentChannel. Raises
    models.AlreadyWithdrawn and sealing.SealingUnavailable."""
    return _add(enquiry, Kind.NO_CONSENT, {"channel": channel, "note": note}, actor)


def _add(enquiry: Enquiry, kind: str, payload: dict[str, Any], actor: Any) -> EnquiryEvent:
    sealed = sealing.seal_payload(payload)
    with transaction.atomic():
        if Enquiry.objects.select_for_update().get(pk=enquiry.pk).status == Enquiry.Status.WITHDRAWN:
            raise AlreadyWithdrawn
        return EnquiryEvent.objects.create(enquiry=enquiry, kind=kind, sealed=sealed, actor=actor)


def release(*, enquiry: Enquiry, actor: Any) -> bool:
    """Out of quarantine, so staff are told of it now; whether it was in it."""
    with transaction.atomic():
        is_released = enquiry.release(by=actor)
        if is_released:
            notify_staff.enqueue(enquiry.pk)
    return is_released
