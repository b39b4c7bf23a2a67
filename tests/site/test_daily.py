from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from content.models import SiteSettings
from iop_site import daily
from tests.at_once import at_once
from tests.content.factories import make_site_settings
from tests.postgres import free_port

pytestmark = pytest.mark.django_db

READY = TaskResultStatus.READY


def runs(status: str = READY) -> list[datetime]:
    path = daily.run_daily.module_path
    found = DBTaskResult.objects.filter(task_path=path, status=status).order_by("run_after")
    return list(found.values_list("run_after", flat=True))


def jobs() -> int:
    return DBTaskResult.objects.filter(task_path__in=daily.JOBS).count()


def work() -> None:
    """A worker starts, does everything that waits, and ends."""
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


@pytest.fixture(autouse=True)
def new_york(settings: Any) -> None:
    make_site_settings(time_zone="America/New_York")
    # The self-test is a job too, and must not ask whatever site runs on this machine.
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"


@pytest.mark.parametrize(
    ("now", "run"),
    [
        ("2026-11-24T09:59:59Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 25, 10, tzinfo=UTC)),
        # Already tomorrow in London, still today in New York.
        ("2026-11-25T02:00:00Z", datetime(2026, 11, 25, 10, tzinfo=UTC)),
        # The night in which clocks go forward, and the one in which they go back.
        ("2026-03-07T12:00:00Z", datetime(2026, 3, 8, 9, tzinfo=UTC)),
        ("2026-10-31T12:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2028-02-28T12:00:00Z", datetime(2028, 2, 29, 10, tzinfo=UTC)),
    ],
)
def test_it_runs_at_five_on_the_sites_clock(now: str, run: datetime) -> None:
    with time_machine.travel(now, tick=False):
        assert daily.next_run(datetime.now(UTC)) == run


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_has_one_run_waiting() -> None:
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        for _start in range(3):
            work()
    assert runs() == [datetime(2026, 11, 25, 10, tzinfo=UTC)]
    assert jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_every_day_it_runs_once_and_waits_for_the_next() -> None:
    for number, day in enumerate(range(24, 29), start=1):
        for hour in ("09:30", "10:00", "15:00", "23:59"):
            with time_machine.travel(f"2026-11-{day}T{hour}Z", tick=False):
                work()
                assert len(runs()) == 1
        assert jobs() == number * len(daily.JOBS)
    assert runs(TaskResultStatus.SUCCESSFUL) == [datetime(2026, 11, day, 10, tzinfo=UTC) for day in range(24, 29)]


@pytest.mark.django_db(transaction=True)
def test_days_on_which_the_site_was_off_are_made_up_for_by_one_run() -> None:
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        work()
    with time_machine.travel("2026-12-09T15:00Z", tick=False):
        work()
        work()
    assert jobs() == len(daily.JOBS)
    assert runs() == [datetime(2026, 12, 10, 10, tzinfo=UTC)]


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_worker_was_killed_is_followed_by_the_next_days() -> None:
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        daily.ensure()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    with time_machine.travel("2026-11-25T10:01Z", tick=False):
        work()
    assert runs() == [datetime(2026, 11, 26, 10, tzinfo=UTC)]


def test_another_time_zone_moves_the_run_after_the_next() -> None:
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        daily.ensure()
        SiteSettings.objects.update(time_zone="America/Los_Angeles")
        daily.ensure()
    assert runs() == [datetime(2026, 11, 25, 10, tzinfo=UTC)]
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    # Five in New York is two in Los Angeles: it is run once more on that day, and not forgotten.
    with time_machine.travel("2026-11-25T10:00Z", tick=False):
        daily.run_daily.call()
    assert runs() == [datetime(2026, 11, 25, 13, tzinfo=UTC)]


def test_a_job_that_cannot_be_queued_leaves_nothing_half_done(monkeypatch) -> None:
    monkeypatch.setattr(daily, "JOBS", (*daily.JOBS, "content.tasks.there_is_none"))
    with pytest.raises(ImportError):
        daily.run_daily.call()
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("job", daily.JOBS)
def test_each_job_is_a_task_that_needs_no_argument(job: str) -> None:
    task = import_string(job)
    assert isinstance(task, Task)
    assert task.module_path == job
    task.call()


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_queue_one_run() -> None:
    at_once(daily.ensure)
    assert len(runs()) == 1
