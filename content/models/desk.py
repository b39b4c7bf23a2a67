"""What the editors' desk keeps beside the pages: shared previews, who is in which page, and moved addresses."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.models.page import Page
from content.models.version import PageVersion

PREVIEW_DAYS = 7
# An editor who has not been heard of for this long has left the page.
PRESENCE_SECONDS = 90


def preview_expiry() -> datetime:
    return timezone.now() + timedelta(days=PREVIEW_DAYS)


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def open(self) -> PreviewLinkQuerySet:
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())

    def by_token(self, token: str) -> PreviewLinkQuerySet:
        return self.filter(token_hash=PreviewLink.hash_of(token))


class PreviewLink(models.Model):
    """A link by which somebody without an account may read one version; only the hash of its token is kept."""

    version = models.ForeignKey(PageVersion, on_delete=models.PROTECT, related_name="preview_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_for = models.CharField(_("for whom"), max_length=120, help_text=_("So that you know whose link it is."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"), default=preview_expiry)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.version} – {self.made_for}"

    @staticmethod
    def hash_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def revoke(self) -> None:
        self.revoked_at = self.revoked_at or timezone.now()
        self.save(update_fields=["revoked_at"])


class EditorPresence(models.Model):
    """Who has a page open in the editor, so that two people hear of each other."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="editorpresence_once")]
