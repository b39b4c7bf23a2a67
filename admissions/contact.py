"""Which ways of reaching somebody may be used at a moment, and why the others may not. Pure; asks no database.

A channel may be used where they said that it is safe, within the hours that they said are safe, and where it is the one
they want to be reached by first or they agreed to it; who chose a time for a call asked to be called. A professional,
who left a line to be called back on, is asked for no consent. Consent that was taken back, which may be done in any
reasonable way (47 CFR 64.1200(a)(10)), outweighs all of it. Whoever named somebody else to be reached instead is not
reached themself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions.choices import SAFE_HOURS, BestTime, ConsentChannel, SafeContact
from admissions.opened import Person

# The numbers and addresses of an enquiry.
OTHER, TELEPHONE, EMAIL = "other", "telephone", "email"
NOT_SAFE: dict[SafeContact, Promise] = {
    SafeContact.CALL: gettext_lazy("They did not say that a call is safe."),
    SafeContact.VOICEMAIL: gettext_lazy("They did not say that a voicemail is safe."),
    SafeContact.TEXT: gettext_lazy("They did not say that a text message is safe."),
    SafeContact.EMAIL: gettext_lazy("They did not say that an e-mail is safe."),
}
# A voicemail is a call.
CONSENT_TO: dict[SafeContact, ConsentChannel] = {
    SafeContact.CALL: ConsentChannel.CALL,
    SafeContact.VOICEMAIL: ConsentChannel.CALL,
    SafeContact.TEXT: ConsentChannel.TEXT,
    SafeContact.EMAIL: ConsentChannel.EMAIL,
}


@dataclass(frozen=True)
class Way:
    """`why_not` is a sentence for staff, '' where it may be used now; only then is there a `link`."""

    channel: SafeContact
    why_not: str = ""
    link: str = ""

    @property
    def may_use(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Contact:
    """A number or an address, and what may be done with it now. `kind` is OTHER, TELEPHONE or EMAIL; `to` is how people
    write it, '' where it must not be seen."""

    kind: str
    ways: tuple[Way, ...]
    to: str = ""

    @property
    def usable(self) -> list[Way]:
        return [way for way in self.ways if way.may_use]

    @property
    def refused(self) -> list[Way]:
        """Without a voicemail, which goes with the call."""
        return [way for way in self.ways if not way.may_use and way.channel != SafeContact.VOICEMAIL]

    @property
    def may_call(self) -> bool:
        return any(way.channel == SafeContact.CALL for way in self.usable)

    @property
    def may_leave_voicemail(self) -> bool:
        return any(way.channel == SafeContact.VOICEMAIL for way in self.usable)

    @property
    def is_text_only(self) -> bool:
        return [way.channel for way in self.usable] == [SafeContact.TEXT]


def contacts(person: Person, at: datetime, zone: ZoneInfo, revealed: Collection[str] = ()) -> list[Contact]:
    """Those that were given, whom to reach first. The ones of a kind in `revealed` have their number or address also
    where nothing may be done with it."""

    def ways(*channels: SafeContact) -> tuple[Way, ...]:
        return tuple(_way(one, why_not(person, one, at, zone), person.link(one)) for one in channels)

    instead = _way(SafeContact.CALL, why_not_other(person, at, zone), person.other_link)
    given = [
        (OTHER, person.other_telephone, (instead,)),
        (TELEPHONE, person.telephone, ways(SafeContact.CALL, SafeContact.VOICEMAIL, SafeContact.TEXT)),
        (EMAIL, person.email, ways(SafeContact.EMAIL)),
    ]
    return [
        Contact(kind, ways_of, to if kind in revealed or any(way.may_use for way in ways_of) else "")
        for kind, to, ways_of in given
        if to
    ]


def _way(channel: SafeContact, reason: str, link: str) -> Way:
    return Way(channel, reason, "" if reason else link)


def why_not(person: Person, channel: SafeContact, at: datetime, zone: ZoneInfo) -> str:
    """A sentence for staff; '' where `channel` may be used at `at`."""
    if not person.has(channel):
        return _("They gave none.")
    if person.other_telephone:
        return _("They asked you to reach {name} instead.").format(name=person.other_name)
    if channel == SafeContact.VOICEMAIL and (of_the_call := why_not(person, SafeContact.CALL, at, zone)):
        return of_the_call
    if channel not in person.safe:
        return str(NOT_SAFE[channel])
    if reason := _no_consent(person, CONSENT_TO[channel]):
        return reason
    return _hours_left(person, at, zone)


def may_use(person: Person, channel: SafeContact, at: datetime, zone: ZoneInfo) -> bool:
    return not why_not(person, channel, at, zone)


def why_not_other(person: Person, at: datetime, zone: ZoneInfo) -> str:
    """The same of a call to whoever is to be reached instead; named for it, they need not agree once more."""
    if ConsentChannel.CALL in person.no_consent:
        return _taken_back(ConsentChannel.CALL)
    return _hours_left(person, at, zone)


# --- Consent --------------------------------------------------------------------------------------------------------


def _no_consent(person: Person, channel: ConsentChannel) -> str:
    if channel in person.no_consent:
        return _taken_back(channel)
    if channel == person.payload["preferred_contact"] or channel in person.consent or person.is_professional:
        return ""
    if channel == ConsentChannel.CALL and person.asked_for_call:
        return ""
    return _("They have not agreed to {channel}.").format(channel=channel.label)


def _taken_back(channel: ConsentChannel) -> str:
    return _("They took back their consent to {channel}.").format(channel=channel.label)


# --- Hours ----------------------------------------------------------------------------------------------------------


def is_safe_hour(person: Person, at: datetime, zone: ZoneInfo) -> bool:
    """Always, where they named no hours."""
    hour = at.astimezone(zone).hour
    return not _is_limited(person) or any(opens <= hour < closes for opens, closes in _hours(person))


def next_safe_at(person: Person, at: datetime, zone: ZoneInfo) -> datetime | None:
    """`at` itself in a safe hour, else when the next one begins; None where none of the hours is known here."""
    if is_safe_hour(person, at, zone):
        return at
    today = at.astimezone(zone).date()
    starts = (
        datetime.combine(day, time(opens), tzinfo=zone)
        for day in (today, today + timedelta(days=1))
        for opens, _closes in _hours(person)
    )
    return next((start for start in starts if start > at), None)


def hours_in_words(person: Person) -> str:
    """Such as 'Morning (8–11 a.m.)'."""
    if not _is_limited(person):
        return _("any time") if person.payload["best_times"] else _("not said, so any time")
    named = [str(BestTime(part).label) for part in SAFE_HOURS if part in person.payload["best_times"]]
    return ", ".join(named) or ", ".join(person.payload["best_times"])


def _is_limited(person: Person) -> bool:
    named = person.payload["best_times"]
    return bool(named) and BestTime.ANY not in named


def _hours(person: Person) -> list[tuple[int, int]]:
    return sorted(SAFE_HOURS[part] for part in person.payload["best_times"] if part in SAFE_HOURS)


def _hours_left(person: Person, at: datetime, zone: ZoneInfo) -> str:
    if is_safe_hour(person, at, zone):
        return ""
    return _("It is outside the hours that they said are safe: {hours}.").format(hours=hours_in_words(person))
