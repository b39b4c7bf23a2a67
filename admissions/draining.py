"""What waits in the spool goes into the database: exactly once, however often whoever does it is killed."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django import db

from admissions import receiving, sealing, spool
from admissions.models import AlreadyWithdrawn, Enquiry
from admissions.spool import Waiting
from content.models import LevelOfCare
from iop_site.progress import Bar, no_bar

logger = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0


@dataclass
class Drained:
    """How many files were taken out, how many put aside because nobody can read them, and how many left where they are
    for a later release."""

    stored: int = 0
    broken: int = 0
    too_new: int = 0


def drain(bar: Bar = no_bar) -> Drained:
    """Raises django.db.Error when the database is away again: what is left waits on. What a single file raises comes
    out when all others are through."""
    spool.remove_unfinished()
    drained, files = Drained(), spool.files()
    trouble: Exception | None = None
    with bar(total=len(files), label="Draining the spool") as step:
        for path in files:
            try:
                _take(path, drained)
            except (db.OperationalError, db.InterfaceError):
                raise
            except Exception as error:
                # The class alone: a database's message may quote what was to be stored.
                logger.error("A file in the spool could not be stored (%s): %s", type(error).__name__, path.name)
                trouble = trouble or error
            step(1)
    if trouble:
        raise trouble
    return drained


def _take(path: Path, drained: Drained) -> None:
    try:
        waiting = spool.read(path)
    except FileNotFoundError:
        return  # Another process has taken it.
    except spool.SpoolTooNew:
        logger.warning("A file in the spool is of a later release, and waits for it: %s", path.name)
        drained.too_new += 1
        return
    except spool.SpoolBroken:
        logger.error("A file in the spool cannot be read and is put aside: %s", path.name)
        spool.put_aside(path)
        drained.broken += 1
        return
    try:
        _store(waiting)
    except AlreadyWithdrawn:
        # It was stored before, and what was written goes with the file; and it must not hold up the others.
        if Enquiry.objects.filter(reference=waiting.reference, erased_at__lt=waiting.received_at).exists():
            logger.error("Sent once more after it was withdrawn, and put aside: %s", path.name)
            spool.put_aside(path)
            drained.broken += 1
            return
    # Killed before this line, the next one finds the row by its key, and stores nothing.
    spool.take_out(path)
    drained.stored += 1


def _store(waiting: Waiting) -> None:
    if waiting.respond_by_at is None:
        waiting = replace(waiting, respond_by_at=receiving.respond_by(waiting.received_at))
    try:
        enquiry = receiving.store(waiting)
    except db.IntegrityError:
        if waiting.level_of_care is None or LevelOfCare.objects.filter(pk=waiting.level_of_care).exists():
            raise
        # It was deleted meanwhile; what the visitor chose is among what is sealed.
        enquiry = receiving.store(replace(waiting, level_of_care=None))
    if enquiry.reference != waiting.reference:
        _say_which_number_was_shown(enquiry, waiting.reference)


def _say_which_number_was_shown(enquiry: Any, shown: str) -> None:
    """Somebody else had it: nobody could know while the database was away."""
    note = f"The visitor was shown the reference {shown}, which another enquiry has."
    enquiry.add_note(sealing.seal_payload({"note": note}), by=None)


# --- By itself ------------------------------------------------------------------------------------------------------


def begin() -> None:
    """Drain from now on, in a thread of its own: where a spool is, some process has to."""
    threading.Thread(target=_drain_for_ever, name="draining", daemon=True).start()


def _drain_for_ever() -> None:
    while True:
        drain_quietly()
        time.sleep(LOOK_EVERY_SECONDS)


def drain_quietly() -> None:
    """Whatever is the matter: what waits, waits for the next time."""
    try:
        if spool.files():
            drained = drain()
            logger.info("Taken out of the spool: %d stored, %d put aside.", drained.stored, drained.broken)
    except Exception as error:
        # The class alone: a database's message may quote what was to be stored.
        logger.warning("Enquiries wait in the spool (%s).", type(error).__name__)
        db.connection.close()
