"""What changed in public: each time that visitors began to read other words. No drafts, nothing to come, no names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db.models import F, Q, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lag
from django.utils import timezone

from content.models import ClinicalReview, Publication
from content.models.version import PublicationQuerySet

NEWEST = ("-starts_at", "-pk")


@dataclass(frozen=True)
class Change:
    """`title`: the page's in this version. `review`: the last signature under exactly its words, else None; whoever
    shows it says when it was withdrawn (`review.withdrawal`), and until when it holds."""

    publication: Publication
    is_first: bool
    title: str
    review: ClinicalReview | None

    @property
    def live_since(self) -> datetime:
        return self.publication.starts_at

    @property
    def note(self) -> str:
        return self.publication.version.change_note

    @property
    def is_minor(self) -> bool:
        return self.publication.version.is_minor

    @property
    def path(self) -> str:
        """Where the page was read then."""
        return self.publication.get_absolute_url()

    @property
    def is_review_withdrawn(self) -> bool:
        return self.review is not None and hasattr(self.review, "withdrawal")

    @property
    def uuid(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self.publication.page.uid}/publication/{self.publication.pk}"))


def changes_of(uid: str) -> PublicationQuerySet:
    """The publications of the page that put other words live than the one before, the newest first."""
    return _changes(Q(page__uid=uid))


def changes_in(language: str) -> PublicationQuerySet:
    """Those of every page that is live in `language` now."""
    live = Publication.objects.live().filter(language=language)
    return _changes(Q(page__in=live.values("page")))


def _changes(which: Q) -> PublicationQuerySet:
    """A page that was taken down and put up again with the same words has not changed."""
    began = Publication.objects.filter(
        which, starts_at__lte=timezone.now(), cancellation__isnull=True, version__isnull=False
    )
    previous = Window(Lag("version_id"), partition_by=F("page_id"), order_by=[F("starts_at").asc(), F("pk").asc()])
    return (
        began.annotate(previous=previous, title=KeyTextTransform("title", "version__document"))
        .filter(Q(previous__isnull=True) | ~Q(previous=F("version_id")))
        .select_related("version", "page")
        .defer("version__document")
        .order_by(*NEWEST)
    )


def read(publications: Iterable[Publication]) -> list[Change]:
    """As readers are told of them; one query for the reviews."""
    rows = list(publications)
    reviews = _reviews({row.version.digest for row in rows})
    return [Change(row, row.previous is None, row.title, reviews.get(row.version.digest)) for row in rows]


def _reviews(digests: set[str]) -> dict[str, ClinicalReview]:
    """For each text the last signature that was not withdrawn, else the last that was."""
    given = ClinicalReview.objects.filter(digest__in=digests).select_related("withdrawal")
    in_order = sorted(given, key=lambda review: (not hasattr(review, "withdrawal"), review.signed_at, review.pk))
    return {review.digest: review for review in in_order}
