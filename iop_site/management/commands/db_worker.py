"""django-tasks-db's worker, with the daily run waiting in its queue from the start."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from iop_site import daily


class Command(db_worker.Command):
    def handle(self, **options: Any) -> None:
        daily.ensure()
        super().handle(**options)
