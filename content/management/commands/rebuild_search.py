from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from content.searching import index
from iop_site.progress import bar


class Command(BaseCommand):
    help = (
        "Bring the search index in order: make what is lacking or was made by an older release, take away what is not"
        " needed. Publishing does so by itself; this is for after an upgrade. It can be stopped with Ctrl-C and started"
        " again, and goes on where it was; visitors can search meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="make all of it anew; leave it out to go on after a stop"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = index.rebuild(again=options["again"], bar=bar)
        except KeyboardInterrupt:
            message = "Stopped. What was done is kept: run rebuild_search without --again to go on."
            raise CommandError(message, returncode=130) from None
        except DatabaseError as error:
            message = f"The database does not answer or is not migrated (manage.py migrate): {error}"
            raise CommandError(message) from error
        self.stdout.write(f"Went through {count} pages." if count else "The search index was in order already.")
