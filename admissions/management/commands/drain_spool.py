from __future__ import annotations

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

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drained = drain(bar)
        except KeyboardInterrupt:
            message = f"Stopped. {len(spool.files())} wait on: run drain_spool again."
            raise CommandError(message, returncode=130) from None
        except db.Error as error:
            message = f"The database does not take them ({type(error).__name__}): {len(spool.files())} wait on."
            raise CommandError(message) from error
        except OSError as error:
            raise CommandError(f"The spool {spool.folder()} cannot be read or written: {error.strerror}.") from error
        self.stdout.write(f"Stored {drained.stored} enquiries." if drained.stored else "Nothing waited.")
        if drained.broken:
            raise CommandError(
                f"{drained.broken} files cannot be read and were put aside as *{spool.BROKEN} in {spool.folder()}:"
                " keep them, and show them to somebody who knows the format."
            )
