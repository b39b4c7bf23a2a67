"""Which frozen text is live at which path, and until when that is known to be so."""

from __future__ import annotations

import hashlib
import math
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Min
from django.utils import timezone

from content.models import ClinicalReview, Publication, SiteSettings
from content.models.page import path_of
from content.published.moment import known


class Proof(NamedTuple):
    """`text` is another one when other words, or another signature under them, are live at the path. `ends`: the POSIX
    time at which its page is replaced or taken down, or its review is overdue; infinite when nothing is foreseen."""

    text: str
    ends: float


def proofs() -> dict[str, Proof]:
    """By path, of every live page that may be kept; four queries."""
    return known("proofs", _proofs)


def _proofs() -> dict[str, Proof]:
    now, zone = timezone.now(), SiteSettings.load().zone
    coming = Publication.objects.filter(starts_at__gt=now, cancellation__isnull=True).order_by()
    replaced_at = dict(coming.values_list("page").annotate(Min("starts_at")))
    standing = ClinicalReview.objects.standing(timezone.localdate(now, zone)).order_by("due_on", "pk")
    reviews = {digest: (pk, due_on) for digest, pk, due_on in standing.values_list("digest", "pk", "due_on")}
    found = {}
    for language, slug, page, ends_at, digest, is_private in Publication.objects.live(now).values_list(
        "language", "slug", "page", "ends_at", "version__digest", "version__document__can_leave_quickly"
    ):
        if is_private:
            continue
        path = path_of(slug, language)
        review, due_on = reviews.get(digest, (None, None))
        ends = [moment for moment in (ends_at, replaced_at.get(page)) if moment]
        if due_on:
            ends.append(datetime.combine(_day_after(due_on), datetime.min.time(), tzinfo=zone))
        text = hashlib.sha256(f"{path} {digest} {review}".encode()).hexdigest()
        found[path] = Proof(text, min((moment.timestamp() for moment in ends), default=math.inf))
    return found


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
