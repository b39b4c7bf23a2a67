from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from admissions import contact
from admissions.choices import SafeContact
from admissions.contact import EMAIL, OTHER, TELEPHONE, Contact
from admissions.opened import Person
from tests.admissions.desk import first_payload, payload, safety

CALL, VOICEMAIL, TEXT, MAIL = SafeContact.CALL, SafeContact.VOICEMAIL, SafeContact.TEXT, SafeContact.EMAIL
BOSTON = ZoneInfo("America/New_York")
EVERYTHING = {CALL, VOICEMAIL, TEXT, MAIL}


def at(hour: int, minute: int = 0) -> datetime:
    """On Tuesday, November 24, 2026 in Boston."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=BOSTON)


NOON = at(12)


def person(**changes: Any) -> Person:
    return Person(payload(**changes))


def usable(person: Person, moment: datetime = NOON) -> set[SafeContact]:
    return {channel for channel in SafeContact if contact.may_use(person, channel, moment, BOSTON)}


def why_not(person: Person, channel: SafeContact, moment: datetime = NOON) -> str:
    return contact.why_not(person, channel, moment, BOSTON)


def cards(person: Person, moment: datetime = NOON, revealed: set[str] = frozenset()) -> dict[str, Contact]:
    return {card.kind: card for card in contact.contacts(person, moment, BOSTON, revealed)}


# --- Which channels -------------------------------------------------------------------------------------------------


def test_what_is_safe_and_agreed_to_may_be_used() -> None:
    assert usable(person()) == EVERYTHING
    assert [why_not(person(), channel) for channel in SafeContact] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        (VOICEMAIL, "They did not say that a voicemail is safe."),
        (TEXT, "They did not say that a text message is safe."),
        (MAIL, "They did not say that an e-mail is safe."),
    ],
)
def test_one_that_they_did_not_call_safe_may_not(channel: SafeContact, why: str) -> None:
    alex = person(safe_contact=[one.value for one in EVERYTHING - {channel}])
    assert usable(alex) == EVERYTHING - {channel}
    assert why_not(alex, channel) == why


def test_where_a_call_is_not_safe_neither_is_the_voicemail_it_ends_in() -> None:
    alex = person(safe_contact=["voicemail", "text", "email"])
    assert usable(alex) == {TEXT, MAIL}
    assert why_not(alex, VOICEMAIL) == why_not(alex, CALL) == "They did not say that a call is safe."


def test_the_preferred_channel_needs_no_further_consent_and_the_others_do() -> None:
    alex = person(consent={}, preferred_contact="text")
    assert usable(alex) == {TEXT}
    assert why_not(alex, CALL) == "They have not agreed to calls."
    assert why_not(alex, MAIL) == "They have not agreed to e-mail."


def test_who_chose_a_time_asked_to_be_called_then_or_if_it_is_taken_at_another() -> None:
    by_mail = {"consent": {}, "preferred_contact": "email"}
    assert usable(person(**by_mail)) == {MAIL}
    chose = person(**by_mail, call_time="2026-11-25T20:00Z")
    assert usable(chose) == usable(replace(person(**by_mail), chose_call_later=True)) == {CALL, VOICEMAIL, MAIL}
    assert usable(person(**by_mail, call_time="2026-11-25T20:00Z", safe_contact=["email"])) == {MAIL}
    assert usable(chose.without_consent("call")) == {MAIL}


def test_a_professional_is_asked_for_no_consent_and_can_be_called_back() -> None:
    colleague = person(
        writing_as="professional",
        preferred_contact="email",
        safe_contact=["call", "voicemail", "email"],
        consent={},
    )
    assert usable(colleague) == {CALL, VOICEMAIL, MAIL}
    assert usable(colleague.without_consent("call")) == {MAIL}


@pytest.mark.parametrize(
    ("channel", "closed", "why"),
    [
        ("call", {CALL, VOICEMAIL}, "They took back their consent to calls."),
        ("text", {TEXT}, "They took back their consent to text messages."),
        ("email", {MAIL}, "They took back their consent to e-mail."),
    ],
)
def test_consent_taken_back_closes_the_channel_also_the_preferred_one(
    channel: str, closed: set[SafeContact], why: str
) -> None:
    alex = person(preferred_contact=channel).without_consent(channel)
    assert usable(alex) == EVERYTHING - closed
    assert {why_not(alex, one) for one in closed} == {why}


def test_a_form_that_is_sent_again_gives_back_no_consent() -> None:
    alex = person().without_consent("call").sent_again(person(name="Alexis"))
    assert alex.name == "Alexis"
    assert usable(alex) == {TEXT, MAIL}


def test_what_was_not_given_cannot_be_used() -> None:
    assert usable(person(telephone="")) == {MAIL}
    assert usable(person(email="")) == {CALL, VOICEMAIL, TEXT}
    assert set(cards(person(telephone=""))) == {EMAIL}


def test_who_is_to_be_reached_through_another_is_not_reached_themself() -> None:
    alex = person(other_name="Sam", other_telephone="+16175550199")
    assert usable(alex) == set()
    assert why_not(alex, CALL) == "They asked you to reach Sam instead."


def test_an_enquiry_of_the_first_release_may_be_called_and_nothing_more() -> None:
    alex = Person(first_payload(safe_contact=["voicemail", "text", "email"]))
    assert usable(alex) == {CALL, VOICEMAIL}


def test_what_is_safe_later_replaces_what_was_safe_at_first() -> None:
    later = safety(safe_contact=["text"])
    assert usable(person().with_safety(later)) == {TEXT}
    first = Person(first_payload(preferred_contact="text"))
    assert usable(first.with_safety(later)) == {TEXT}


# --- When -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "safe"),
    [
        (["morning"], range(8, 11)),
        (["midday"], range(11, 14)),
        (["afternoon"], range(14, 17)),
        (["evening"], range(17, 20)),
        (["evening", "morning"], [8, 9, 10, 17, 18, 19]),
        (["any"], range(24)),
        ([], range(24)),
    ],
)
def test_the_hours_that_they_said_are_safe_are_kept(times: list[str], safe: Any) -> None:
    alex = person(best_times=times)
    hours = {hour for hour in range(24) if usable(alex, at(hour, 59)) == EVERYTHING}
    assert hours == set(safe)
    assert all(usable(alex, at(hour)) == set() for hour in set(range(24)) - hours)


def test_the_hours_are_those_of_the_office_wherever_the_clock_stands() -> None:
    alex = person(best_times=["afternoon"])
    assert why_not(alex, CALL, datetime(2026, 11, 24, 19, tzinfo=UTC)) == ""
    assert why_not(alex, CALL, datetime(2026, 11, 24, 14, tzinfo=UTC)) == (
        "It is outside the hours that they said are safe: Afternoon (2–5 p.m.)."
    )


def test_the_next_safe_hour_is_today_or_tomorrow() -> None:
    alex = person(best_times=["morning", "afternoon"])
    assert contact.next_safe_at(alex, at(9, 30), BOSTON) == at(9, 30)
    assert contact.next_safe_at(alex, at(12), BOSTON) == at(14)
    assert contact.next_safe_at(alex, at(17), BOSTON) == datetime(2026, 11, 25, 8, tzinfo=BOSTON)


def test_hours_that_this_release_does_not_know_are_never_safe() -> None:
    alex = person(best_times=["tea"])
    assert usable(alex) == set()
    assert contact.next_safe_at(alex, NOON, BOSTON) is None
    assert contact.hours_in_words(alex) == "tea"


def test_hours_are_said_in_words() -> None:
    assert contact.hours_in_words(person(best_times=["morning", "evening"])) == (
        "Morning (8–11 a.m.), Evening (5–8 p.m.)"
    )
    assert contact.hours_in_words(person(best_times=["any"])) == "any time"
    assert contact.hours_in_words(person(best_times=[])) == "not said, so any time"


# --- What staff see -------------------------------------------------------------------------------------------------


def test_a_number_is_there_as_long_as_something_may_be_done_with_it() -> None:
    assert cards(person())[TELEPHONE].to == "(617) 555-0123"
    text_only = cards(person(safe_contact=["text"]))[TELEPHONE]
    assert text_only.is_text_only
    assert [way.link for way in text_only.usable] == ["sms:+16175550123"]
    assert cards(person(safe_contact=["email"]))[TELEPHONE].to == ""


def test_what_may_not_be_used_has_neither_a_link_nor_an_address() -> None:
    shut = cards(person(safe_contact=[]))
    assert [(card.to, card.usable) for card in shut.values()] == [("", []), ("", [])]
    assert {way.link for card in shut.values() for way in card.ways} == {""}
    assert [way.channel for way in shut[TELEPHONE].refused] == [CALL, TEXT]


def test_what_is_revealed_is_there_without_a_link_and_nothing_else_is() -> None:
    shown = cards(person(safe_contact=[]), revealed={EMAIL})
    assert shown[EMAIL].to == "alex@example.org"
    assert shown[EMAIL].ways[0].link == ""
    assert shown[TELEPHONE].to == ""


def test_who_is_to_be_reached_instead_comes_first_within_the_safe_hours() -> None:
    alex = person(other_name="Sam", other_telephone="+16175550199", best_times=["midday"], consent={})
    kinds = [(card.kind, card.to) for card in contact.contacts(alex, NOON, BOSTON)]
    assert kinds == [(OTHER, "(617) 555-0199"), (TELEPHONE, ""), (EMAIL, "")]
    assert cards(alex)[OTHER].usable[0].link == "tel:+16175550199"
    for closed in (cards(alex, at(16)), cards(alex.without_consent("call"))):
        assert (closed[OTHER].to, closed[OTHER].ways[0].link) == ("", "")
