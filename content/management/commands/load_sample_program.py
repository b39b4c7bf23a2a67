from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from content import sample_program


class Command(BaseCommand):
    help = "Load the sample program once, into an empty site; never over staff's work."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.load()
        except DatabaseError as error:
            message = f"The database does not answer or is not migrated (manage.py migrate): {error}"
            raise CommandError(message) from error

    def load(self) -> None:
        if not sample_program.is_empty():
            self.stdout.write("The site has pages or settings already: the sample program was not loaded.")
            return
        for count, page in enumerate(sample_program.load(), start=1):
            if self.stdout.isatty():
                self.stdout.write(f"\r  {count} pages published: {page}"[:78].ljust(78), ending="")
                self.stdout.flush()
        start = "\n" if self.stdout.isatty() else ""
        self.stdout.write(f"{start}The sample program is live ({count} pages). It is sample text: replace it.")
