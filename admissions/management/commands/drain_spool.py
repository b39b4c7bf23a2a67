from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django import db
from django.core.management.base import BaseCommand, CommandError

from admissions import spool
from admissions.draining import drain
from iop_site.progress import bar


class Command(BaseCommand):
    help = (
        "Store the enquiries that wait in the spool because the database was away. The worker does so by itself; this"
        " is for doing it by hand, also on a machine without a worker. It can be stopped with Ctrl-C and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--broken", action="store_true", help="first take back what was put aside because it could not be read"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["broken"]:
                self.stdout.write(f"Taken back to be read again: {spool.take_back()}.")
            drained = drain(bar)
        except KeyboardInterrupt:
            message = f"Stopped. {len(spool.files())} wait on: run drain_spool again."
            raise CommandError(message, returncode=130) from None
        except OSError as error:
            raise CommandError(f"The spool {spool.folder()} cannot be read or written: {error.strerror}.") from error
        except Exception as error:
            taker = "The database does not take them" if isinstance(error, db.Error) else "Not all could be stored"
            message = f"{taker} ({type(error).__name__}): {len(spool.files())} wait on."
            raise CommandError(message) from error
        self.stdout.write(f"Stored {drained.stored} enquiries." if drained.stored else "Nothing waited.")
        if drained.broken:
            raise CommandError(
                f"{drained.broken} files cannot be read and were put aside as *{spool.BROKEN} in {spool.folder()}:"
                " keep them, and show them to somebody who knows the format. Once they are mended, drain_spool --broken"
                " takes them back."
            )
        if drained.too_new:
            raise CommandError(
                f"{drained.too_new} files are of a later release, and wait on: run drain_spool with that one."
            )
