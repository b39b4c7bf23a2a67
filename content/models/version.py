"""PageVersion: one frozen text. Publication: what is live, from when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.models.page import Page, path_of
from iop_site.append_only import AppendOnly, AppendOnlyQuerySet


class PageVersion(AppendOnly):
    """A whole page as plain JSON (see `content.publishing.freeze`), with the SHA-256 of its canonical form."""

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    change_note = models.CharField(_("what changed"), max_length=200, blank=True)
    is_minor = models.BooleanField(
        _("minor"), default=False, help_text=_("Typography only: a reviewer published and signed it in one step.")
    )
    # Primary keys of everybody who saved the draft since the version before: none of them may sign it.
    author_ids = models.JSONField(_("authors"), default=list)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["page", "-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="pageversion_number_unique")]

    def __str__(self) -> str:
        return f"{self.document['title']}, version {self.number}"


class PublicationQuerySet(AppendOnlyQuerySet):
    def live(self, at: datetime | None = None) -> PublicationQuerySet:
        """The publications that visitors see at the moment `at` (now): the latest started of each page, unless it has
        ended or took the page down."""
        at = at or timezone.now()
        latest = (
            Publication.objects.filter(page=OuterRef("page"), starts_at__lte=at, cancellation__isnull=True)
            .order_by("-starts_at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=at), pk=Subquery(latest), version__isnull=False
        ).select_related("version")

    def upcoming(self, at: datetime | None = None) -> PublicationQuerySet:
        """Scheduled and not cancelled, soonest first."""
        return (
            self.filter(starts_at__gt=at or timezone.now(), cancellation__isnull=True)
            .select_related("version", "page")
            .order_by("starts_at", "pk")
        )


class Publication(AppendOnly):
    """From `starts_at` a version is live at its address. The next publication of the page replaces it."""

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(
        PageVersion,
        verbose_name=_("version"),
        null=True,
        on_delete=models.PROTECT,
        related_name="publications",
        help_text=_("Empty: from then on the page is taken down."),
    )
    language = models.CharField(_("language"), max_length=8)
    slug = models.SlugField(_("address"), max_length=80)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["page", "-starts_at", "-id"], name="publication_latest_idx")]

    def __str__(self) -> str:
        return f"{self.slug} from {self.starts_at:%Y-%m-%d %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return path_of(self.slug, self.language)


class Cancellation(AppendOnly):
    """A scheduled publication that was called off before it began."""

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="cancellation")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
