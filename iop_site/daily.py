"""What the worker does once a day, without cron: one task puts itself into the queue for the next day.

A job is a task without arguments that does whatever is due by now, however long ago: a day on which the site was off is
made up for by the next run.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from content.models import SiteSettings

# Each is queued as a task of its own, so that one that fails keeps none of the others from running.
JOBS = (
    "content.tasks.remind_of_reviews",
    "iop_site.mail.retry",
    "iop_site.housekeeping.prune_tasks",
    "admissions.tasks.remind_of_quarantine",
    "admissions.tasks.forget_counts",
    "admissions.self_testing.test_now",
)
# In the site's time zone; after the hours that clocks skip or repeat.
AT = time(5)
RUNS = uuid.UUID("3608396d-0a87-4678-89b6-fc826d590e2f")


@task
def run_daily() -> None:
    """Queue the next run and today's jobs: both or neither."""
    with transaction.atomic():
        _schedule(next_run(timezone.now()))
        for job in JOBS:
            import_string(job).enqueue()


def ensure() -> None:
    """See to it that a run is waiting. Called whenever a worker starts; a second call changes nothing."""
    waiting = DBTaskResult.objects.filter(task_path=run_daily.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        _schedule(next_run(timezone.now()))


def next_run(now: datetime) -> datetime:
    """The next time after `now` that it is five o'clock at the site's place, in UTC."""
    zone = SiteSettings.load().zone
    today = now.astimezone(zone).date()
    runs = (datetime.combine(today + timedelta(days=days), AT, tzinfo=zone) for days in (0, 1))
    return next(run for run in runs if run > now).astimezone(UTC)


def _schedule(run_after: datetime) -> None:
    """The moment makes the primary key, so that workers that start at once queue one run, on any database."""
    run = DBTaskResult(
        id=uuid.uuid5(RUNS, run_after.isoformat()),
        task_path=run_daily.module_path,
        args_kwargs={"args": [], "kwargs": {}},
        priority=run_daily.priority,
        queue_name=run_daily.queue_name,
        backend_name=run_daily.backend,
        run_after=run_after,
    )
    DBTaskResult.objects.bulk_create([run], ignore_conflicts=True)
