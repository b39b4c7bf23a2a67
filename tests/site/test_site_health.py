"""What staff read about the site at the top of their desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from admissions.models import SelfTestResult
from iop_site import daily, housekeeping, site_health
from iop_site.models import OwedMail
from tests.admissions.keys import key_pair
from tests.content.factories import make_site_settings

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 19, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def well(settings: Any, tmp_path: Path) -> Any:
    settings.DATA_DIR = tmp_path
    make_site_settings(time_zone="America/New_York")
    with time_machine.travel(NOW, tick=False), timezone.override("America/New_York"):
        housekeeping.beat()
        yield


def make_owed(number: int = 1, **fields: Any) -> None:
    usual = {
        "digest": f"{number:064}",
        "recipient": "desk@example.org",
        "owed_since": NOW - timedelta(hours=2),
        "next_attempt_at": NOW + timedelta(hours=1),
        "attempts": 3,
        "problem": "SMTPConnectError 421",
        "fault": OwedMail.Fault.SERVER,
        "language": "en",
    }
    OwedMail.objects.create(**(usual | fields))


def said() -> list[tuple[str, str]]:
    return [(line.level, line.text) for line in site_health.lines()]


def test_when_all_is_well_one_line_says_so() -> None:
    assert said() == [("well", "As of 2:05 p.m., mail, worker and this machine’s spool are well.")]


def test_enquiries_in_the_spool_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    for name in ("a.enquiry", "b.enquiry", "c.broken", "d.writing"):
        (folder / name).touch()
    assert said() == [
        ("trouble", "1 enquiry in the spool cannot be read."),
        ("attention", "2 enquiries wait in the spool and are not in the list yet."),
    ]


@pytest.mark.parametrize(("key", "words"), [("", "is not here"), (key_pair()[0], "is not the one")])
def test_a_staff_key_that_opens_nothing_is_trouble(settings: Any, key: str, words: str) -> None:
    settings.ENQUIRY_STAFF_KEY = key
    [(level, text)] = said()
    assert level == "trouble"
    assert words in text


def test_mail_is_trouble_after_three_failures_and_not_before() -> None:
    make_owed(attempts=2)
    assert said()[0][0] == "well"
    make_owed(number=2)
    [line] = site_health.lines()
    assert (line.level, line.text) == (
        "trouble",
        "E-mail does not go out. Since Nov. 24, 2026, 12:05 p.m., 2 messages have been waiting.",
    )
    assert "SMTPConnectError 421, 3 times in a row" in line.hint


def test_a_worker_that_is_not_seen_for_two_minutes_is_missed() -> None:
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        assert said() == [("trouble", "The worker was last seen on Nov. 24, 2026, 2:05 p.m. and is not at work.")]


def test_a_site_without_a_worker_says_so() -> None:
    housekeeping.WorkerBeat.objects.all().delete()
    assert said() == [("trouble", "No worker has been seen yet.")]


def test_tasks_that_failed_or_were_not_finished_are_counted() -> None:
    for number, status in enumerate([TaskResultStatus.FAILED, TaskResultStatus.RUNNING]):
        daily._schedule(NOW + timedelta(days=number))
        DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(
            status=status, started_at=NOW - timedelta(hours=1), finished_at=NOW
        )
    assert said() == [
        ("attention", "1 task of the worker was not finished in time."),
        ("attention", "1 task of the worker failed in the last three days."),
    ]


def test_a_self_test_that_failed_or_is_old_is_told_and_one_that_is_well_is_not() -> None:
    SelfTestResult.objects.create(at=NOW - timedelta(hours=25), took_ms=1)
    assert said()[0][0] == "well"
    SelfTestResult.objects.update(at=NOW - timedelta(hours=27))
    [(level, text)] = said()
    assert level == "attention"
    assert "last tested itself on Nov. 23, 2026, 11:05 a.m., more than a day ago" in text
    SelfTestResult.objects.create(at=NOW, failed_step="open", sentence="100 % wrong.", took_ms=1)
    [line] = site_health.self_test_lines()
    assert (line.level, line.text) == (
        "trouble",
        "When the site tested itself on Nov. 24, 2026, 2:05 p.m., one step failed: open it with the staff key.",
    )
    assert line.hint.startswith("100 % wrong. ")


def test_it_takes_the_same_queries_whatever_there_is(django_assert_num_queries: Any) -> None:
    make_owed()
    with django_assert_num_queries(5):
        site_health.lines()
    for number in range(2, 20):
        make_owed(number)
        daily._schedule(NOW - timedelta(days=number))
    with django_assert_num_queries(5):
        site_health.lines()


def test_the_front_page_of_the_desk_shows_it(staff_client: Client) -> None:
    assert "As of 2:05 p.m., mail, worker and this machine’s spool are well." in staff_client.get("/admin/").text
    make_owed()
    page = staff_client.get("/admin/").text
    assert 'class="site-health-trouble"' in page
    assert "1 message has been waiting." in page
    assert "are well" not in page
