"""Clinical review: who may sign which text, for how long it stands, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.models import (
    ClinicalReview,
    PageVersion,
    Publication,
    ReviewReminder,
    ReviewWithdrawal,
    SiteSettings,
)
from content.models.review import DEFAULT_MONTHS

REMINDERS = (
    (ReviewReminder.Kind.OVERDUE, timedelta(days=-1)),
    (ReviewReminder.Kind.SEVEN_DAYS, timedelta(days=7)),
    (ReviewReminder.Kind.THIRTY_DAYS, timedelta(days=30)),
)


class SigningRefused(Exception):
    """Why this person cannot sign this version, in a sentence."""


def today(at: datetime | None = None) -> date:
    """The date at the site's place."""
    return (at or timezone.now()).astimezone(SiteSettings.load().zone).date()


def default_due(on: date) -> date:
    """Twelve months later; from a leap day, to February 28."""
    year, month = on.year + (on.month - 1 + DEFAULT_MONTHS) // 12, (on.month - 1 + DEFAULT_MONTHS) % 12 + 1
    return date(year, month, min(on.day, 28) if month == 2 else on.day)


# --- Signing --------------------------------------------------------------------------------------------------------


def why_not(*, version: PageVersion, by: AbstractUser) -> str:
    """'' when `by` may sign `version`, else the reason. A minor version is signed by whoever made it."""
    if not by.has_perm("content.sign_version"):
        return _("Your account may not sign versions.")
    if not hasattr(by, "reviewer_profile"):
        return _("Your credential and role are not set up yet. Ask the site manager to add you as a reviewer.")
    if not version.is_minor and by.pk in version.author_ids:
        return _("You wrote part of this version. Somebody else has to review it.")
    return ""


@transaction.atomic
def sign(
    *,
    version: PageVersion,
    by: AbstractUser,
    digest: str,
    are_references_checked: bool,
    due_on: date | None = None,
    note: str = "",
) -> ClinicalReview:
    """Sign exactly the text with `digest`, which the reviewer had on the screen.

    Raises SigningRefused, and ValidationError when `due_on` is out of bounds.
    """
    if reason := why_not(version=version, by=by):
        raise SigningRefused(reason)
    if digest != version.digest:
        raise SigningRefused(_("The text you read is not this version. Open it again and read it once more."))
    if not are_references_checked:
        raise SigningRefused(_("Please confirm that you have checked the references."))
    signed_on = today()
    review = ClinicalReview(
        version=version,
        digest=digest,
        reviewer=by,
        public_role=by.reviewer_profile.public_role,
        credential=by.reviewer_profile.credential,
        are_references_checked=are_references_checked,
        note=note,
        signed_on=signed_on,
        due_on=due_on or default_due(signed_on),
    )
    review.full_clean()
    review.save()
    return review


def withdraw(*, review: ClinicalReview, by: AbstractUser, reason: str) -> ReviewWithdrawal:
    """From now on the signature does not stand; a second withdrawal changes nothing."""
    return ReviewWithdrawal.objects.get_or_create(review=review, defaults={"by": by, "reason": reason})[0]


def standing_review(version: PageVersion, on: date | None = None) -> ClinicalReview | None:
    """The signature that stands under exactly this version on that day (today), if any."""
    return (
        ClinicalReview.objects.standing(on or today())
        .filter(version=version, digest=version.digest)
        .order_by("-due_on", "-pk")
        .first()
    )


# --- The calendar ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewState:
    """A live page and its review; `review` is the last under the live version, standing or not."""

    publication: Publication
    review: ClinicalReview | None
    is_withdrawn: bool
    days_left: int | None

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def never_reviewed(self) -> bool:
        return self.review is None


def calendar(on: date | None = None) -> list[ReviewState]:
    """Every live page: never reviewed and withdrawn first, then by date due. Three queries."""
    day = on or today()
    publications = list(Publication.objects.live().select_related("page"))
    reviews: dict[int, ClinicalReview] = {}
    wanted = [publication.version_id for publication in publications]
    for review in ClinicalReview.objects.filter(version__in=wanted).order_by("signed_at", "pk"):
        reviews[review.version_id] = review
    withdrawn = set(ReviewWithdrawal.objects.filter(review__in=reviews.values()).values_list("review_id", flat=True))
    states = [_state(publication, reviews.get(publication.version_id), withdrawn, day) for publication in publications]
    return sorted(states, key=lambda state: state.days_left if state.days_left is not None else -(10**6))


def _state(publication: Publication, review: ClinicalReview | None, withdrawn: set[int], day: date) -> ReviewState:
    is_withdrawn = review is not None and review.pk in withdrawn
    days_left = (review.due_on - day).days if review and not is_withdrawn else None
    return ReviewState(publication=publication, review=review, is_withdrawn=is_withdrawn, days_left=days_left)


def reminders_due(on: date | None = None) -> Iterator[tuple[ReviewState, str]]:
    """(state, kind) for each reminder that should have been sent by that day and was not; the most urgent of a review
    only, so that a worker that slept for a month sends one e-mail, not three."""
    for state in calendar(on):
        if state.review is None or state.days_left is None:
            continue
        kind = next((kind for kind, before in REMINDERS if state.days_left <= before.days), None)
        if kind and not ReviewReminder.objects.filter(review=state.review, kind=kind).exists():
            yield state, kind
