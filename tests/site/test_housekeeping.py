from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from iop_site import housekeeping, mail
from iop_site.housekeeping import Queue
from iop_site.models import WorkerBeat

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


def make_task(**fields: Any) -> DBTaskResult:
    """Some task in the queue."""
    task = DBTaskResult.objects.get(pk=mail.retry.enqueue().id)
    DBTaskResult.objects.filter(pk=task.pk).update(**fields)
    return task


def status(task: DBTaskResult) -> str:
    task.refresh_from_db()
    return task.status


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


# --- What a killed worker left --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_next_worker_finishes_what_a_killed_one_began() -> None:
    task = make_task(status=RUNNING, started_at=ago(minutes=11), worker_ids=["killed"])
    work()
    assert status(task) == SUCCESSFUL
    assert len(task.worker_ids) == 2


def test_a_task_that_may_still_be_at_work_is_left_alone() -> None:
    task = make_task(status=RUNNING, started_at=ago(minutes=9))
    housekeeping.rescue()
    assert status(task) == RUNNING


def test_no_conversation_outlasts_its_lease_and_no_lease_its_task(settings: Any) -> None:
    answers = 11  # greeting, EHLO, STARTTLS, EHLO, AUTH in two steps, MAIL, RCPT, DATA, the text, QUIT
    assert timedelta(seconds=answers * settings.EMAIL_TIMEOUT) < mail.LEASE < housekeeping.ORPHANED_AFTER


@pytest.mark.parametrize("kind", [OperationalError, SystemExit, KeyboardInterrupt])
@pytest.mark.django_db(transaction=True)
def test_a_task_that_was_interrupted_is_begun_again(kind: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise kind

    task = make_task()
    with monkeypatch.context() as patch:
        patch.setattr(mail, "deliver", interrupt)
        work()
    assert status(task) == FAILED
    housekeeping.rescue()
    assert status(task) == FAILED, "not at once"
    DBTaskResult.objects.filter(pk=task.pk).update(finished_at=ago(minutes=2))
    work()
    assert status(task) == SUCCESSFUL


def test_a_task_that_failed_by_itself_stays_failed() -> None:
    task = make_task(status=FAILED, finished_at=ago(hours=1), exception_class_path="builtins.KeyError")
    old = make_task(
        status=FAILED,
        finished_at=ago(hours=1),
        enqueued_at=ago(hours=49),
        exception_class_path="django.db.utils.OperationalError",
    )
    housekeeping.rescue()
    assert (status(task), status(old)) == (FAILED, FAILED)


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_bring_a_task_back_once(caplog: pytest.LogCaptureFixture) -> None:
    make_task(status=RUNNING, started_at=ago(minutes=11))
    start, failures = threading.Barrier(3), []

    def worker() -> None:
        try:
            start.wait(10)
            housekeeping.rescue()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert caplog.text.count("Back into the queue: 1 tasks") == 1


# --- The worker's own signs -----------------------------------------------------------------------------------------


def test_one_row_says_when_a_worker_was_last_seen() -> None:
    assert housekeeping.seen_at() is None
    for moment in (NOW, NOW + timedelta(seconds=30)):
        with time_machine.travel(moment, tick=False):
            housekeeping.keep_house()
        assert housekeeping.seen_at() == moment
    assert WorkerBeat.objects.count() == 1


def test_a_database_that_is_away_ends_no_housekeeping(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("Key (email)=(alex@example.org)")

    with monkeypatch.context() as patch:
        patch.setattr(housekeeping, "beat", away)
        patch.setattr("django.db.connection.close", lambda: None)
        housekeeping.keep_house_quietly()
    assert "could not keep house (OperationalError)" in caplog.text
    assert "alex" not in caplog.text
    housekeeping.keep_house_quietly()
    assert housekeeping.seen_at()


def test_the_queue_is_counted_by_one_query(django_assert_num_queries: Any) -> None:
    make_task(status=FAILED, finished_at=ago(days=2), exception_class_path="builtins.KeyError")
    make_task(status=FAILED, finished_at=ago(days=4), exception_class_path="builtins.KeyError")
    make_task(status=RUNNING, started_at=ago(minutes=11))
    make_task(status=RUNNING, started_at=ago(minutes=9))
    make_task(enqueued_at=ago(minutes=11))
    make_task(run_after=ago(minutes=11))
    make_task(run_after=ago(minutes=9), enqueued_at=ago(days=1))
    make_task(status=SUCCESSFUL, finished_at=ago(days=1))
    make_task()
    with django_assert_num_queries(1):
        assert housekeeping.queue() == Queue(failed=1, orphaned=1, late=2)


def test_finished_tasks_are_forgotten_after_two_weeks() -> None:
    kept = [
        make_task(status=SUCCESSFUL, finished_at=ago(days=13)),
        make_task(status=RUNNING, started_at=ago(days=20)),
        make_task(enqueued_at=ago(days=20)),
    ]
    make_task(status=SUCCESSFUL, finished_at=ago(days=15))
    make_task(status=FAILED, finished_at=ago(days=15))
    housekeeping.prune_tasks.call()
    assert {task.pk for task in DBTaskResult.objects.all()} == {task.pk for task in kept}
