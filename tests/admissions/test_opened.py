from __future__ import annotations

from typing import Any

import pytest

from admissions.choices import SafeContact
from admissions.opened import Person
from tests.admissions.desk import first_payload, payload


def person(**changes: Any) -> Person:
    return Person(payload(**changes))


def test_a_telephone_number_is_read_as_people_write_it_and_called_as_machines_do() -> None:
    alex = person(telephone_extension="12")
    assert alex.telephone == "(617) 555-0123, ext. 12"
    assert alex.link(SafeContact.CALL) == "tel:+16175550123;ext=12"
    assert alex.link(SafeContact.TEXT) == "sms:+16175550123"


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert person(telephone="+442079460958").telephone == "+44 20 7946 0958"


def test_who_is_to_be_reached_instead_has_a_number_of_their_own() -> None:
    alex = person(other_name="Sam", other_telephone="+16175550199", other_telephone_extension="7")
    assert (alex.other_telephone, alex.other_link) == ("(617) 555-0199, ext. 7", "tel:+16175550199;ext=7")
    assert (person().other_telephone, person().other_link) == ("", "")


def test_an_address_cannot_add_anything_to_the_mail_it_opens() -> None:
    link = person(email="a?bcc=x&subject=y%@example.org").link(SafeContact.EMAIL)
    assert link == "mailto:a%3Fbcc%3Dx%26subject%3Dy%25@example.org"


def test_there_is_no_link_to_what_was_not_given() -> None:
    alex = person(telephone="", email="")
    assert (alex.telephone, {alex.link(channel) for channel in SafeContact}) == ("", {""})


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        ({}, []),
        ({"safe_contact": []}, ["Not safe to call.", "Not safe to text.", "Not safe to e-mail."]),
        ({"safe_contact": ["call", "text", "email"]}, ["Leave no voicemail."]),
        ({"safe_contact": ["call", "voicemail"], "email": ""}, ["Not safe to text."]),
        ({"telephone": "", "safe_contact": ["email"]}, []),
        ({"in_danger": "yes"}, ["They said that someone is in immediate danger."]),
        ({"in_danger": "unsaid"}, ["They would rather not say whether someone is in immediate danger."]),
        ({"parent_knows": "yes"}, []),
        ({"parent_knows": "not_yet"}, ["No parent or guardian knows yet that they are writing."]),
        ({"other_name": "Sam", "other_telephone": "+16175550199", "safe_contact": []}, ["Reach Sam instead of them."]),
    ],
)
def test_warnings_are_of_what_was_given(changes: dict[str, Any], warnings: list[str]) -> None:
    assert person(**changes).warnings == warnings


def test_a_consent_that_was_taken_back_is_warned_of_and_its_words_are_kept() -> None:
    alex = person(safe_contact=["call", "voicemail", "email"]).without_consent("text")
    assert alex.warnings == ["No text messages."]
    assert ("text messages", "Yes to text.", True) in alex.consents
    assert ("calls", "Yes to call.", False) in alex.consents


def test_whoever_chose_nothing_is_asked_for_by_a_first_name_alone() -> None:
    assert person(say_who="program").may_say_who_calls
    for careful in (person(say_who="first_name"), person(say_who=""), Person(first_payload())):
        assert careful.say_who.startswith("Give a first name only")


def test_values_are_read_in_words() -> None:
    alex = person(best_times=["morning", "evening"], safe_contact=["voicemail"], writing_as="self")
    assert alex.writing_as == "Writing for themself"
    assert person().writing_as == "Parent or guardian"
    assert alex.preferred_contact == "a call"
    assert alex.best_times == "Morning (8–11 a.m.), Evening (5–8 p.m.)"
    assert alex.safe_contact == "Leave a voicemail"
    assert alex.age_band == "Teen (13–17)"
    assert alex.state == "Massachusetts"
    assert alex.level_of_care == "Not sure yet"
    assert person(best_times=[]).best_times == "not said"


def test_an_enquiry_of_the_first_release_reads_as_it_was_meant() -> None:
    alex = Person(first_payload())
    assert alex.safe == ["call", "voicemail"]
    assert (alex.danger, alex.parent_knows, alex.organisation, alex.other_telephone, alex.consents) == ("",) * 4 + ([],)
    assert Person(first_payload(telephone="", safe_contact=["email"])).safe == ["email"]


def test_a_value_that_is_no_longer_known_is_shown_as_it_is() -> None:
    assert Person({"state": "XX"}).state == "XX"
