"""Everything that is sealed, sealed anew to the present keys: row by row, so that it can be stopped at any moment.

A row that the current staff key opens is done, which is all that a second run has to know. No row is locked: one that
changes meanwhile (the visitor withdrew it) is left as it is then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyrage
from django.db import models

from admissions import sealing
from admissions.models import Enquiry, EnquiryEvent, ReadRecord
from iop_site.progress import Bar, no_bar

logger = logging.getLogger(__name__)

BATCH = 200
# Each model with a column `sealed`, and the way to the reference that staff know.
SEALED: tuple[tuple[type[models.Model], str], ...] = ((Enquiry, "reference"), (EnquiryEvent, "enquiry__reference"))


@dataclass
class Resealing:
    """Seals to `recipients` ("age1…") what the first of `keys` does not open and another of them does. What it counts
    holds also when it is stopped: texts at the start, texts looked at, sealed anew, and the references of those that no
    key opened."""

    keys: Sequence[pyrage.x25519.Identity]
    recipients: Sequence[str]
    total: int = 0
    seen: int = 0
    done: int = 0
    unopened: set[str] = field(default_factory=set)

    @property
    def left(self) -> int:
        return max(0, self.total - self.seen)

    def run(self, bar: Bar = no_bar) -> None:
        """One read record a run, before anything is opened. Raises django.db.Error, and sealing.SealingUnavailable."""
        self.total = sum(model._default_manager.filter(sealed__isnull=False).count() for model, _ in SEALED)
        if self.total:
            ReadRecord.objects.create(actor=None, action=ReadRecord.Action.ROTATE, references=[])
        with bar(total=self.total, label="Sealing anew") as step:
            for model, reference in SEALED:
                for row in _rows(model, reference):
                    self._look_at(model, *row)
                    self.seen += 1
                    step(1)
        logger.info("Sealed anew: %d of %d texts, opened by the program and shown to nobody.", self.done, self.seen)

    def _look_at(self, model: type[models.Model], pk: int, reference: str, sealed: bytes) -> None:
        if _opened(sealed, self.keys[:1]) is not None:
            return
        plaintext = _opened(sealed, self.keys[1:])
        if plaintext is None:
            self.unopened.add(reference)
            return
        # Only while it is what was opened: an erased one stays erased.
        unchanged = model._default_manager.filter(pk=pk, sealed=sealed)
        self.done += unchanged.update(sealed=sealing.seal(plaintext, self.recipients))


def _rows(model: type[models.Model], reference: str) -> Iterator[tuple[int, str, bytes]]:
    """Of every row that is not erased: primary key, reference, sealed text; a batch at a time, and no cursor open."""
    last, rows = 0, model._default_manager.filter(sealed__isnull=False).order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values_list("pk", reference, "sealed")[:BATCH]):
        for last, name, sealed in batch:
            yield last, name, bytes(sealed)


def _opened(sealed: bytes, keys: Sequence[pyrage.x25519.Identity]) -> bytes | None:
    try:
        return sealing.open_with(sealed, keys)
    except sealing.SealBroken:
        return None
