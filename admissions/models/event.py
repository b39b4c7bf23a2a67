"""EnquiryEvent: what was done about an enquiry, and what the visitor did with it later."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions.models.status import EnquiryStatus
from iop_site.append_only import AppendOnly


class EnquiryEvent(AppendOnly):
    """One entry of the timeline. What staff or the visitor wrote is sealed like the enquiry itself, and goes with it
    when the visitor withdraws."""

    REWRITABLE = ("sealed",)

    class Kind(models.TextChoices):
        STATUS = "status", _("Status changed")
        NOTE = "note", _("Note")
        SENT_AGAIN = "sent_again", _("Sent again by the visitor, with changes")
        ADDED = "added", _("Added by the visitor")
        SAFETY = "safety", _("The visitor changed what is safe")
        CALL_TIME = "call_time", _("Call-back time")
        CALL_TIME_LOST = "call_time_lost", _("Asked for a call-back time that was taken")
        RELEASED = "released", _("Released from quarantine")
        NO_CONSENT = "no_consent", _("Consent taken back")
        WITHDRAWN = "withdrawn", _("Withdrawn by the visitor")

    enquiry = models.ForeignKey("admissions.Enquiry", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    from_status = models.CharField(max_length=12, choices=EnquiryStatus.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=EnquiryStatus.choices, blank=True)
    # Of CALL_TIME: what was agreed on; NULL for 'as soon as possible'. Of CALL_TIME_LOST: what was asked for.
    call_at = models.DateTimeField(null=True, editable=False)
    # A note, or the whole form once more; NULL where nothing was written, or where it was erased.
    sealed = models.BinaryField(null=True, editable=False)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    # SHA-256 of the one-time token of the form it came by, where it came by one.
    idempotency_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    # NULL: the visitor, or the site by itself.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]
