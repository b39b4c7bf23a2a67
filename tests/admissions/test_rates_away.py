"""While the database is away a flood is held back too, and people are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from admissions import rates, rates_away, receiving, spool
from admissions.draining import drain
from admissions.models import Enquiry
from tests.admissions.sending import away, send, text_of, wait_in_spool
from tests.factories import enquiry_data

pytestmark = pytest.mark.django_db
STORE = receiving.store
NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    settings.DATA_DIR = tmp_path
    rates_away.forget()
    monkeypatch.setattr(receiving, "store", away)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock
    rates_away.forget()


def waiting() -> list[spool.Waiting]:
    return [spool.read(path) for path in spool.files()]


def test_many_from_one_place_go_into_quarantine_and_far_more_are_refused_with_the_filled_form(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 10
    answers = [send(enquiry_data()).status_code for _ in range(10)]
    assert answers == 10 * [303]
    assert sorted(one.is_quarantined for one in waiting()) == [False] + 9 * [True]
    refused = send(enquiry_data(message="Kept as it was."))
    assert refused.status_code == 429
    assert "Kept as it was." in text_of(refused)
    assert send(enquiry_data(), REMOTE_ADDR="198.51.100.7").status_code == 303
    assert len(spool.files()) == 11


def test_what_was_suspect_when_it_was_kept_is_in_quarantine_when_it_is_stored(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 5
    wait_in_spool(sender=receiving.Sender(place="one"))
    monkeypatch.setattr(receiving, "store", STORE)
    assert drain().stored == 1
    assert Enquiry.objects.get().is_quarantined


def test_in_the_next_hour_the_place_is_free_again(settings: Any, clock: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    assert [send(enquiry_data()).status_code for _ in range(2)] == [303, 429]
    clock.shift(timedelta(hours=1))
    assert send(enquiry_data()).status_code == 303


def test_there_is_a_limit_over_all_places(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR = 2
    answers = [send(enquiry_data(), REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(3)]
    assert answers == [303, 303, 429]


def test_words_of_crisis_are_taken_over_the_limit_and_never_quarantined(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    answers = [send(enquiry_data(message=message)).status_code for message in ("", "", "I want to die.")]
    assert answers == [303, 429, 303]
    assert [one.is_quarantined for one in waiting() if one.is_urgent] == [False]


def test_what_waits_already_is_confirmed_again_and_counts_once(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    data = enquiry_data()
    assert [send(data).status_code for _ in range(3)] == [303, 303, 303]
    assert len(spool.files()) == 1


def test_what_could_not_be_kept_does_not_count(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    data = enquiry_data()
    with monkeypatch.context() as patch:
        patch.setattr(spool, "MOST_FILES", 0)
        assert [send(data).status_code for _ in range(2)] == [429, 429]
        (settings.DATA_DIR / "spool").rmdir()
        (settings.DATA_DIR / "spool").touch()
        assert send(data).status_code == 503
    (settings.DATA_DIR / "spool").unlink()
    assert send(data).status_code == 303


def test_a_full_spool_gives_the_filled_form_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_FILES", 1)
    assert send(enquiry_data()).status_code == 303
    refused = send(enquiry_data(message="Kept as it was."))
    assert refused.status_code == 429
    assert "Kept as it was." in text_of(refused)
    assert send(enquiry_data(in_danger="yes")).status_code == 303


def test_the_sites_own_test_is_not_counted(settings: Any) -> None:
    settings.ENQUIRIES_AN_HOUR_FROM_ONE = 1
    for number in range(3):
        wait_in_spool(nonce=f"test {number}", sender=receiving.Sender(is_synthetic=True))
    assert len(spool.files()) == 3


def test_it_counts_as_the_table_does() -> None:
    for number in range(1, 3):
        with rates_away.counted("place", NOW, is_urgent=False) as away_:
            assert away_ == rates.count("place", NOW) == (number, number)
    with rates_away.counted("other", NOW, is_urgent=False) as away_:
        assert away_ == rates.count("other", NOW) == (1, 3)
