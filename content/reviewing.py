"""Clinical review: who may sign which text, for how long it stands, and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.models import (
    ClinicalReview,
    Page,
    PageVersion,
    Publication,
    ReviewReminder,
    ReviewWithdrawal,
    SiteSettings,
)
from content.models.review import DEFAULT_MONTHS, MOST_MONTHS, months_after

SOON = timedelta(days=30)
# The most urgent first: days before the day due, at which a reminder goes out.
REMINDERS = (
    (ReviewReminder.Kind.OVERDUE, timedelta(days=-1)),
    (ReviewReminder.Kind.SEVEN_DAYS, timedelta(days=7)),
    (ReviewReminder.Kind.THIRTY_DAYS, SOON),
)


class SigningRefused(Exception):
    """Why this person cannot sign this version, in a sentence."""


def today(at: datetime | None = None) -> date:
    """The date at the site's place."""
    return timezone.localdate(at, SiteSettings.load().zone)


def default_due(on: date) -> date:
    """Twelve months later; from a leap day, February 28."""
    return months_after(on, DEFAULT_MONTHS)


def latest_due(on: date) -> date:
    return months_after(on, MOST_MONTHS)


# --- Signing --------------------------------------------------------------------------------------------------------


def authors_of(version: PageVersion) -> set[int]:
    """Primary keys of everybody whose words may stand in it without anybody else having signed for them.

    That goes back to the last signed version: a comma that somebody else added makes nobody less of an author. Whoever
    corrected typography has not written.
    """
    former = version.page.versions.filter(number__lt=version.number, is_minor=False)
    signed = former.filter(reviews__reviewer__isnull=False, reviews__withdrawal__isnull=True)
    since = signed.aggregate(models.Max("number"))["number__max"] or 0
    written = former.filter(number__gt=since).values_list("author_ids", flat=True)
    return {*version.author_ids, *(pk for authors in written for pk in authors)}


def why_not(*, version: PageVersion, by: AbstractUser, corrects_only: bool = False) -> str:
    """'' when `by` may sign `version`, else the reason. `corrects_only`: it is made in this step, of what is signed
    already and corrections of its typography, which whoever made them may sign."""
    if not by.has_perm("content.sign_version"):
        return _("Your account may not sign versions.")
    if not hasattr(by, "reviewer_profile"):
        return _("Your credential and role are not set up yet. Ask the site manager to add you as a reviewer.")
    if not corrects_only and by.pk in authors_of(version):
        return _("You wrote part of this text. Somebody else has to review it.")
    if not _role_for(version, by):
        language = dict(settings.LANGUAGES).get(_language_of(version), _language_of(version))
        words = _(
            "Readers are told your role in %(language)s, and it is not set up yet. Ask the site manager to add it."
        )
        return words % {"language": language}
    return ""


def _language_of(version: PageVersion) -> str:
    """Of the words that are signed; those of a version that is not kept yet are the draft's."""
    return version.document["language"] if version.document else version.page.language


def _role_for(version: PageVersion, by: AbstractUser) -> str:
    """The role of `by` as readers of `version` are told it; '' when nobody has said it in their language."""
    language = _language_of(version)
    if language == settings.LANGUAGE_CODE:
        return by.reviewer_profile.public_role
    return by.reviewer_profile.roles.filter(language=language).values_list("public_role", flat=True).first() or ""


@transaction.atomic
def sign(
    *,
    version: PageVersion,
    by: AbstractUser,
    digest: str,
    are_references_checked: bool,
    due_on: date | None = None,
    note: str = "",
    corrects_only: bool = False,
) -> ClinicalReview:
    """Sign exactly the text with `digest`, which the reviewer had on the screen.

    Raises SigningRefused, and ValidationError when `due_on` is out of bounds.
    """
    if reason := why_not(version=version, by=by, corrects_only=corrects_only):
        raise SigningRefused(reason)
    if digest != version.digest:
        raise SigningRefused(_("The text you read is not this version. Read it here once more before you sign."))
    if not are_references_checked:
        raise SigningRefused(_("Please confirm that you have checked the references."))
    signed_on = today()
    review = ClinicalReview(
        version=version,
        digest=digest,
        reviewer=by,
        public_role=_role_for(version, by),
        credential=by.reviewer_profile.credential,
        are_references_checked=are_references_checked,
        note=note,
        signed_on=signed_on,
        due_on=due_on or default_due(signed_on),
    )
    review.full_clean()
    review.save()
    return review


@transaction.atomic
def withdraw(*, review: ClinicalReview, by: AbstractUser, reason: str) -> ReviewWithdrawal:
    """From now on no signature given so far stands under this text: somebody found that it must not be relied upon.

    A second withdrawal changes nothing.
    """
    others = ClinicalReview.objects.filter(digest=review.digest, withdrawal__isnull=True).exclude(pk=review.pk)
    for other in others:
        ReviewWithdrawal.objects.get_or_create(review=other, defaults={"by": by, "reason": reason})
    return ReviewWithdrawal.objects.get_or_create(review=review, defaults={"by": by, "reason": reason})[0]


# --- What stands ----------------------------------------------------------------------------------------------------


def standing_by_digest(digests: Iterable[str], on: date) -> dict[str, ClinicalReview]:
    """For each text that a signature stands under on the day `on`, the one that is due last; one query."""
    reviews = ClinicalReview.objects.standing(on).filter(digest__in=list(digests)).order_by("due_on", "pk")
    return {review.digest: review for review in reviews}


def standing_review(version: PageVersion, on: date | None = None) -> ClinicalReview | None:
    """The signature that stands on that day (today) under exactly the text of `version`, if any.

    The text counts, not the version's number: a signed text that was restored says what was signed.
    """
    return standing_by_digest([version.digest], on or today()).get(version.digest)


def reviews_of(version: PageVersion) -> list[ClinicalReview]:
    """Every signature that was ever given under its text, the newest first."""
    reviews = ClinicalReview.objects.filter(digest=version.digest)
    return list(reviews.select_related("reviewer", "withdrawal__by").order_by("-signed_at", "-pk"))


def last_signed(page: Page, *, other_than: str) -> ClinicalReview | None:
    """The last signature under another text of `page` that was not withdrawn: what a reviewer compares with."""
    reviews = ClinicalReview.objects.filter(version__page=page, withdrawal__isnull=True).exclude(digest=other_than)
    return reviews.select_related("version").order_by("-signed_at", "-pk").first()


# --- The calendar ---------------------------------------------------------------------------------------------------


class ReviewStatus(models.TextChoices):
    """In the order of the calendar: what readers should not rely on first."""

    WITHDRAWN = "withdrawn", gettext_lazy("Review withdrawn")
    OVERDUE = "overdue", gettext_lazy("Overdue")
    CHANGED = "changed", gettext_lazy("Changed since its review")
    NEVER = "never", gettext_lazy("Never reviewed")
    SOON = "soon", gettext_lazy("Due within 30 days")
    LATER = "later", gettext_lazy("Due later")


@dataclass(frozen=True)
class ReviewState:
    """A live page and its review. `review`: what was signed under the live text last, for CHANGED under another one,
    None for NEVER. `days_left` is below 0 when overdue, None where nothing is due."""

    publication: Publication
    status: ReviewStatus
    review: ClinicalReview | None
    days_left: int | None

    @property
    def title(self) -> str:
        return self.publication.title

    @property
    def days_over(self) -> int:
        return max(0, -(self.days_left or 0))


def calendar(on: date | None = None) -> list[ReviewState]:
    """Every live page, the most urgent first; two queries, and one for the day."""
    day = on or today()
    publications = (
        Publication.objects.live()
        .select_related("page")
        .defer("version__document")
        .annotate(title=models.F("version__document__title"))
    )
    live = list(publications.order_by("language", "page__section", "page__order", "pk"))
    reviews: dict[int, list[ClinicalReview]] = defaultdict(list)
    given = ClinicalReview.objects.filter(version__page__in=[publication.page_id for publication in live])
    given = given.select_related("withdrawal", "version").defer("version__document")
    for review in given.order_by("-due_on", "-pk"):
        reviews[review.version.page_id].append(review)
    states = [_state(publication, reviews[publication.page_id], day) for publication in live]
    order = list(ReviewStatus)
    return sorted(states, key=lambda state: (order.index(state.status), state.days_left or 0))


def _state(publication: Publication, reviews: list[ClinicalReview], day: date) -> ReviewState:
    """`reviews`: all of the page's, the one due last first."""
    kept = [review for review in reviews if not hasattr(review, "withdrawal")]
    digest = publication.version.digest
    if review := next((review for review in kept if review.digest == digest), None):
        days_left = (review.due_on - day).days
        status = ReviewStatus.LATER if days_left > SOON.days else ReviewStatus.SOON
        return ReviewState(publication, ReviewStatus.OVERDUE if days_left < 0 else status, review, days_left)
    if withdrawn := [review for review in reviews if review.digest == digest]:
        return ReviewState(publication, ReviewStatus.WITHDRAWN, max(withdrawn, key=_signed), None)
    if kept:
        return ReviewState(publication, ReviewStatus.CHANGED, max(kept, key=_signed), None)
    return ReviewState(publication, ReviewStatus.NEVER, None, None)


def _signed(review: ClinicalReview) -> tuple[datetime, int]:
    return review.signed_at, review.pk


# --- Reminders ------------------------------------------------------------------------------------------------------


def reminders_due(on: date | None = None) -> Iterator[tuple[ReviewState, ReviewReminder.Kind]]:
    """(state, kind) for each reminder that should have been sent by that day and was not; the most urgent of a review
    only, so that a worker that slept for a month sends one e-mail, not three."""
    due = [(state, kind) for state in calendar(on) if (kind := _reminder(state))]
    reviews = [state.review for state, _kind in due]
    sent = set(ReviewReminder.objects.filter(review__in=reviews).values_list("review_id", "kind"))
    yield from ((state, kind) for state, kind in due if (state.review.pk, kind) not in sent)


def _reminder(state: ReviewState) -> ReviewReminder.Kind | None:
    if state.days_left is None:
        return None
    return next((kind for kind, before in REMINDERS if state.days_left <= before.days), None)


@transaction.atomic
def keep_reminders(on: date | None = None) -> list[ReviewReminder]:
    """Note each reminder that is due as sent, in the transaction that the caller enqueues its e-mail in. What another
    worker noted first is not returned."""
    kept = []
    for state, kind in reminders_due(on):
        reminder, is_new = ReviewReminder.objects.get_or_create(review=state.review, kind=kind)
        kept += [reminder] if is_new else []
    return kept
