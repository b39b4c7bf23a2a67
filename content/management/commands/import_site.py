from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from content.transfer.command import ending_well, path_of, summary
from content.transfer.importing import import_site
from iop_site.progress import bar


class Command(BaseCommand):
    help = (
        "Read what export_site wrote into a site without content (one that was migrated, and never started with"
        " `make run`, which loads the sample program), on SQLite or PostgreSQL: with the same digests,"
        " numbers and times, all of it or nothing. Whoever is named in it and has no account here is given one that is"
        " switched off, so that nobody can sign later what they wrote themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.zip", type=path_of)

    def handle(self, *args: Any, **options: Any) -> None:
        with ending_well("Nothing was imported."):
            imported = import_site(options["file"], bar=bar)
        self.stdout.write(
            f"Imported {summary(imported.counts)} from the export of {imported.made_at:%Y-%m-%d %H:%M %Z}."
        )
        if imported.found:
            self.stdout.write(f"Taken to be the accounts of the same name here: {', '.join(imported.found)}.")
        if imported.made:
            self.stdout.write(
                f"Accounts were made, switched off and without a password, for: {', '.join(imported.made)}."
                " Give a role and a password to those who work here."
            )
        self.stdout.write("Roles and reviewers’ credentials are not part of an export: set them in the admin.")
