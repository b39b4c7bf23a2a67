"""The drill: does the recovery key, which lies offline, open what it must open one day?

DATA_DIR/recovery-drill holds the time of the last one that succeeded.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyrage
from django.conf import settings
from django.utils import timezone

from admissions import sealing
from admissions.models import Enquiry, ReadRecord
from iop_site.launch.keys import write_anew


@dataclass
class Drill:
    """How many enquiries were tried, and the references of those that did not open."""

    tried: int
    failed: list[str] = field(default_factory=list)


def run(key: pyrage.x25519.Identity, size: int) -> Drill:
    """Open up to `size` enquiries, half of them the newest; what is in them goes nowhere. One read record, before
    any is opened. Raises django.db.Error."""
    sample = _sample(size)
    if sample:
        ReadRecord.objects.create(
            actor=None, action=ReadRecord.Action.DRILL, references=[enquiry.reference for enquiry in sample]
        )
    drill = Drill(tried=len(sample))
    for enquiry in sample:
        try:
            sealing.open_payload(enquiry.sealed, str(key))
        except sealing.SealBroken:
            drill.failed.append(enquiry.reference)
    if drill.tried and not drill.failed:
        write_anew(_stamp(), timezone.now().isoformat())
    return drill


def last_at() -> datetime | None:
    """None when there was none here, or its time cannot be read."""
    try:
        return datetime.fromisoformat(_stamp().read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def _sample(size: int) -> list[Enquiry]:
    keys = list(
        Enquiry.objects.filter(sealed__isnull=False).order_by("-received_at", "-pk").values_list("pk", flat=True)
    )
    newest, older = keys[: (size + 1) // 2], keys[(size + 1) // 2 :]
    chosen = newest + random.sample(older, min(size - len(newest), len(older)))
    return list(Enquiry.objects.filter(pk__in=chosen, sealed__isnull=False).only("reference", "sealed"))


def _stamp() -> Path:
    return settings.DATA_DIR / "recovery-drill"
