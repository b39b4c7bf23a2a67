from __future__ import annotations

from typing import Any

import pytest

from admissions import services
from admissions.opened import Person
from tests.factories import cleaned_enquiry

pytestmark = pytest.mark.django_db


def person(**changes: Any) -> Person:
    return Person(services.payload_of(cleaned_enquiry(**changes)))


def test_a_telephone_number_is_read_as_people_write_it_and_called_as_machines_do() -> None:
    alex = person(telephone="617-555-0123 x12")
    assert alex.telephone == "(617) 555-0123, ext. 12"
    assert alex.call_link == "tel:+16175550123;ext=12"


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert person(telephone="+44 20 7946 0958").telephone == "+44 20 7946 0958"


def test_links_are_there_only_where_they_are_safe() -> None:
    everything = person(safe_contact=["voicemail", "text", "email"])
    assert everything.text_link == "sms:+16175550123"
    assert everything.mail_link == "mailto:alex@example.org"
    assert everything.may_leave_voicemail
    assert everything.warnings == []
    nothing = person(safe_contact=[])
    assert (nothing.text_link, nothing.mail_link) == ("", "")
    assert not nothing.may_leave_voicemail
    assert nothing.warnings == ["Leave no voicemail", "Not safe to text", "Not safe to e-mail"]


def test_nothing_is_warned_of_that_was_not_given() -> None:
    assert person(email="", safe_contact=["voicemail"]).warnings == ["Not safe to text"]
    by_mail = person(telephone="", preferred_contact="email", safe_contact=["email"])
    assert by_mail.warnings == []
    assert (by_mail.telephone, by_mail.call_link, by_mail.text_link) == ("", "", "")


def test_an_address_cannot_add_anything_to_the_mail_it_opens() -> None:
    link = person(email="a?bcc=x&subject=y%@example.org", safe_contact=["email"]).mail_link
    assert link == "mailto:a%3Fbcc%3Dx%26subject%3Dy%25@example.org"


def test_values_are_read_in_words() -> None:
    alex = person(best_times=["morning", "evening"], safe_contact=["voicemail"], insurer="")
    assert alex.writing_as == "Parent or guardian"
    assert person(writing_as="self").writing_as == "Writing for themself"
    assert alex.preferred_contact == "a call"
    assert alex.best_times == "Morning, Evening"
    assert alex.safe_contact == "Leave a voicemail"
    assert alex.age_band == "Teen (13–17)"
    assert alex.state == "Massachusetts"
    assert alex.level_of_care == "Not sure yet"
    assert person(best_times=[]).best_times == "not said"


def test_a_value_that_is_no_longer_known_is_shown_as_it_is() -> None:
    assert Person({"state": "XX"}).state == "XX"
