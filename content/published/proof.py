"""Which frozen text is live at which path, and until when that is known to be so."""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Min
from django.utils import timezone

from content.models import ClinicalReview, Publication, SiteSettings
from content.published.moment import known
from content.published.pages import live


class Proof(NamedTuple):
    """`text` is another one when other words, or another signature under them, are live at the path. `ends`: the POSIX
    time at which its page is replaced or taken down, or its review is overdue; infinite when nothing is foreseen."""

    text: str
    ends: float


def proofs() -> dict[str, Proof]:
    """By path, of every live page that may be kept; three queries beside those of the live pages."""
    return known("proofs", _proofs)


def _proofs() -> dict[str, Proof]:
    now, zone = timezone.now(), SiteSettings.load().zone
    coming = Publication.objects.filter(starts_at__gt=now, cancellation__isnull=True).order_by()
    replaced_at = dict(coming.values_list("page").annotate(Min("starts_at")))
    standing = ClinicalReview.objects.standing(timezone.localdate(now, zone)).order_by("due_on", "pk")
    reviews = {digest: (pk, due_on) for digest, pk, due_on in standing.values_list("digest", "pk", "due_on")}
    found = {}
    for page in live():
        if page.can_leave_quickly:
            continue
        review, due_on = reviews.get(page.digest, (None, None))
        ends = [moment for moment in (page.ends_at, replaced_at.get(page.page_id)) if moment]
        if due_on:
            ends.append(datetime.combine(due_on + timedelta(days=1), datetime.min.time(), tzinfo=zone))
        text = hashlib.sha256(f"{page.path} {page.digest} {review}".encode()).hexdigest()
        found[page.path] = Proof(text, min((moment.timestamp() for moment in ends), default=math.inf))
    return found
