"""django-tasks-db's worker, with the daily run waiting in its queue from the start; it drains the spool and keeps house
as well."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from admissions import draining
from iop_site import daily, housekeeping


class Command(db_worker.Command):
    def handle(self, **options: Any) -> None:
        daily.ensure()
        if options.get("batch"):
            housekeeping.keep_house()
        else:
            housekeeping.begin()
            draining.begin()
        super().handle(**options)
