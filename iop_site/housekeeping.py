"""What a worker does beside its queue: says that it lives, and brings back what a killed worker left unfinished.

django-tasks-db leaves a task RUNNING for ever when its worker is killed, and FAILED when the database was away for a
moment. Both run again from here, so every task of this site must bear being run twice.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import db
from django.core.management import call_command
from django.db.models import Count, Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, get_date_max

from iop_site import mail
from iop_site.models import WorkerBeat

logger = logging.getLogger(__name__)

EVERY_SECONDS = 30.0
# Longer than any task takes; a mail's lease (mail.LEASE) is over by then.
ORPHANED_AFTER = timedelta(minutes=10)
# Faults of the moment, and a worker that was told to end twice.
INTERRUPTIONS = (
    "django.db.utils.OperationalError",
    "django.db.utils.InterfaceError",
    "builtins.SystemExit",
    "builtins.KeyboardInterrupt",
)
INTERRUPTED_AGAIN_AFTER = timedelta(minutes=1)
# A task that is interrupted each time has something else.
INTERRUPTED_FOR = timedelta(hours=48)
GONE_AFTER = timedelta(minutes=2)
FAILURES_SHOWN_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Queue:
    """Tasks that failed in the last three days, that lost their worker, and that are due and that nobody has begun."""

    failed: int
    orphaned: int
    late: int


# --- What the worker does -------------------------------------------------------------------------------------------


def begin() -> None:
    """Keep house from now on, in a thread of its own."""
    threading.Thread(target=_keep_house_for_ever, name="housekeeping", daemon=True).start()


def _keep_house_for_ever() -> None:
    while True:
        keep_house_quietly()
        time.sleep(EVERY_SECONDS)


def keep_house_quietly() -> None:
    """Whatever is the matter: the next time comes."""
    try:
        keep_house()
    except Exception as error:
        logger.warning("The worker could not keep house (%s).", type(error).__name__)
        db.connection.close()


def keep_house() -> None:
    beat()
    rescue()
    mail.queue_retry()


def beat() -> None:
    row = WorkerBeat(pk=WorkerBeat.PK, seen_at=timezone.now())
    WorkerBeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["seen_at"])


def rescue() -> None:
    """Back into the queue, each by one statement: of workers that do so at once, one finds it."""
    now = timezone.now()
    interrupted = DBTaskResult.objects.filter(
        status=TaskResultStatus.FAILED,
        exception_class_path__in=INTERRUPTIONS,
        finished_at__lte=now - INTERRUPTED_AGAIN_AFTER,
        enqueued_at__gt=now - INTERRUPTED_FOR,
    )
    orphans = DBTaskResult.objects.filter(_is_orphaned(now))
    for unfinished in (orphans, interrupted):
        if number := unfinished.update(status=TaskResultStatus.READY, started_at=None, finished_at=None):
            logger.warning("Back into the queue: %d tasks that were not finished.", number)


@task
def prune_tasks() -> None:
    """Daily: finished tasks are forgotten after two weeks."""
    call_command("prune_db_task_results", queue_name="*", verbosity=0)


# --- What others ask ------------------------------------------------------------------------------------------------


def seen_at() -> datetime | None:
    """When any worker was last seen at work; one query."""
    return WorkerBeat.objects.filter(pk=WorkerBeat.PK).values_list("seen_at", flat=True).first()


def queue() -> Queue:
    """One query."""
    now = timezone.now()
    is_due = Q(run_after__lte=now - ORPHANED_AFTER) | Q(run_after=get_date_max(), enqueued_at__lte=now - ORPHANED_AFTER)
    counts = DBTaskResult.objects.aggregate(
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED, finished_at__gt=now - FAILURES_SHOWN_FOR)),
        orphaned=Count("pk", filter=_is_orphaned(now)),
        late=Count("pk", filter=Q(status=TaskResultStatus.READY) & is_due),
    )
    return Queue(**counts)


def _is_orphaned(now: datetime) -> Q:
    return Q(status=TaskResultStatus.RUNNING, started_at__lte=now - ORPHANED_AFTER)
