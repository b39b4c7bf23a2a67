from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from content.transfer.command import ending_well, path_of, summary
from content.transfer.exporting import export_site
from iop_site.progress import bar


class Command(BaseCommand):
    help = (
        "Write all pages with their versions, publications and reviews, the settings, the writing rules and the"
        " pictures to one zip file, for import_site on another site. People are named by their user names; no account,"
        " password, e-mail address of theirs, preview link or enquiry is in it. Drafts are in it: keep it safe."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.zip", type=path_of)
        parser.add_argument("--force", action="store_true", help="replace FILE.zip if it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        with ending_well("Nothing was exported."):
            exported = export_site(options["file"], force=options["force"], bar=bar)
        self.stdout.write(f"Exported {summary(exported.counts)} to {options['file']}.")
