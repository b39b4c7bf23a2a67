"""What a program seems to have written goes into quarantine; nothing is dropped, and no person is asked a riddle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django_tasks_db.models import DBTaskResult

from admissions import abuse, rates, tokens
from admissions.models import Enquiry, RateCount
from tests.admissions.sending import URL, send, text_of, token_in
from tests.factories import enquiry_data

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)
LINKS = "Buy https://a.example and http://b.example and www.c.example now"


def sent(**changes: Any) -> Enquiry:
    assert send(enquiry_data(**changes)).status_code == 303
    return Enquiry.objects.latest("pk")


@pytest.mark.parametrize(
    "changes",
    [{abuse.TRAP: "x"}, {"message": LINKS}, {"name": "Win at www.a.example"}, {"insurer": "https://a.example"}],
)
def test_signs_of_a_program_lead_into_quarantine_where_nobody_is_told(changes: dict[str, Any]) -> None:
    assert sent(**changes).is_quarantined
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("message", ["", "My doctor's page is https://a.example and also www.b.example"])
def test_people_do_not_go_there(message: str) -> None:
    assert not sent(message=message).is_quarantined
    assert DBTaskResult.objects.count() == 1


def test_a_form_that_is_filled_in_faster_than_it_can_be_read_goes_there() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = token_in(Client().get(URL))
        clock.shift(2)
        assert sent(token=token).is_quarantined
        token = token_in(Client().get(URL))
        clock.shift(30)
        assert not sent(token=token).is_quarantined


def test_a_form_that_came_back_filled_in_may_be_sent_at_once() -> None:
    refused = send(enquiry_data(token="of another site"))
    assert refused.status_code == 409
    assert not sent(token=token_in(refused)).is_quarantined


@pytest.mark.parametrize("changes", [{"message": f"{LINKS}. I want to die."}, {abuse.TRAP: "x", "in_danger": "yes"}])
def test_words_of_crisis_always_reach_a_person(changes: dict[str, Any]) -> None:
    enquiry = sent(**changes)
    assert (enquiry.is_urgent, enquiry.is_quarantined) == (True, False)
    assert DBTaskResult.objects.count() == 1


def test_the_trap_is_out_of_the_way_of_people() -> None:
    page = text_of(Client().get(URL))
    trap = page[page.index('<p class="trap"') :]
    assert 'aria-hidden="true"' in trap[: trap.index("</p>")]
    assert 'tabindex="-1"' in trap[: trap.index("</p>")]


# --- How many --------------------------------------------------------------------------------------------------------


def test_many_from_one_place_go_into_quarantine_and_far_more_are_refused_with_the_filled_form(settings) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 10
    with time_machine.travel(NOW, tick=False):
        quarantined = [sent().is_quarantined for _ in range(10)]
        refused = send(enquiry_data(message="Kept as it was."))
        elsewhere = send(enquiry_data(), REMOTE_ADDR="198.51.100.7")
    assert quarantined == [False] + 9 * [True]
    assert refused.status_code == 429
    assert "Kept as it was." in text_of(refused)
    assert "call us" in text_of(refused)
    assert elsewhere.status_code == 303
    assert Enquiry.objects.count() == 11


def test_in_the_next_hour_the_place_is_free_again(settings) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    with time_machine.travel(NOW, tick=False) as clock:
        assert [send(enquiry_data()).status_code for _ in range(2)] == [303, 429]
        clock.shift(timedelta(hours=1))
        assert send(enquiry_data()).status_code == 303


def test_there_is_a_limit_over_all_places(settings) -> None:
    settings.ENQUIRIES_AN_HOUR = 2
    with time_machine.travel(NOW, tick=False):
        answers = [send(enquiry_data(), REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(3)]
    assert answers == [303, 303, 429]


def test_words_of_crisis_are_taken_far_over_the_limit_and_those_too_have_one(settings, monkeypatch) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 2
    monkeypatch.setattr(rates, "URGENT_TIMES", 2)
    calm, urgent = [{"message": ""}] * 3, [{"message": "I want to die."}, {"in_danger": "yes"}, {"in_danger": "yes"}]
    with time_machine.travel(NOW, tick=False):
        answers = [send(enquiry_data(**changes)) for changes in [*calm, *urgent]]
    assert [answer.status_code for answer in answers] == [303, 303, 429, 303, 303, 429]
    assert Enquiry.objects.filter(is_urgent=True, is_quarantined=False).count() == 2
    assert 'id="right-now"' in text_of(answers[-1])


def test_what_was_stored_is_confirmed_again_also_over_the_limit(settings) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    with time_machine.travel(NOW, tick=False):
        data = enquiry_data()
        assert [send(data).status_code for _ in range(3)] == [303, 303, 303]
    assert Enquiry.objects.count() == 1


def test_one_statement_counts(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert rates.count("place", NOW) == (1, 1)
    assert rates.count("place", NOW) == (2, 2)
    assert rates.count("other", NOW) == (1, 3)


def test_counts_of_past_days_are_forgotten() -> None:
    rates.count("place", NOW - timedelta(days=1))
    rates.count("place", NOW)
    assert rates.forget(NOW) == 2
    assert RateCount.objects.count() == 2


# --- From where ------------------------------------------------------------------------------------------------------


def place(address: str, forwarded: str = "", now: datetime = NOW) -> str:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return rates.place_of(RequestFactory().post(URL, REMOTE_ADDR=address, headers=headers), now)


def test_a_place_is_no_address_and_another_one_the_next_day() -> None:
    assert place("192.0.2.1") == place("192.0.2.1") != place("192.0.2.2")
    assert "192.0.2.1" not in place("192.0.2.1")
    assert place("192.0.2.1") != place("192.0.2.1", now=NOW + timedelta(days=1))


def test_a_network_of_version_six_is_one_place() -> None:
    assert place("2001:db8:1:2:3::4") == place("2001:db8:1:2:ffff::") != place("2001:db8:1:3::4")
    assert place("::ffff:192.0.2.1") == place("192.0.2.1")


def test_what_a_visitor_says_of_their_address_is_believed_only_of_our_own_proxies(settings) -> None:
    assert place("10.0.0.1", "192.0.2.9") == place("10.0.0.1")
    settings.TRUSTED_PROXIES = 1
    assert place("10.0.0.1", "203.0.113.5, 192.0.2.9") == place("192.0.2.9")
    settings.TRUSTED_PROXIES = 2
    assert place("10.0.0.1", "made up, 192.0.2.9, 10.0.0.2") == place("192.0.2.9")
    assert place("10.0.0.1", "192.0.2.9") == place("10.0.0.1")


def test_whatever_stands_there_gets_an_answer(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert send(enquiry_data(), HTTP_X_FORWARDED_FOR="\x00 no address").status_code == 303
    assert connection.connection is not None


def test_the_age_of_a_form_is_known_from_its_token() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = tokens.issue()
        clock.shift(90)
        assert tokens.read(token).age == timedelta(seconds=90)
        assert tokens.read(tokens.issue(is_for_what_was_written=True)).age == tokens.MAX_AGE
