"""What the desk knows of an enquiry without opening it, what was done about it, and who has read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.models import LevelOfCare
from iop_site.append_only import AppendOnly, Immutable


class IllegalTransition(Exception):
    """A step that this enquiry's status does not allow; its text says which ones are."""


class EnquiryStatus(models.TextChoices):
    NEW = "new", _("New")
    IN_CONTACT = "in_contact", _("In contact")
    SCHEDULED = "scheduled", _("Scheduled")
    ADMITTED = "admitted", _("Admitted")
    REFERRED = "referred", _("Referred elsewhere")
    CLOSED = "closed", _("Closed")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable("Enquiries cannot be deleted.")


class Enquiry(models.Model):
    """`sealed` is an age file that the web tier cannot open; the clear columns hold what running the desk needs."""

    Status = EnquiryStatus

    class AgeBand(models.TextChoices):
        TEEN = "teen", _("Teen (13–17)")
        ADULT = "adult", _("Adult (18 or older)")

    TRANSITIONS: dict[str, tuple[str, ...]] = {
        Status.NEW: (Status.IN_CONTACT, Status.REFERRED, Status.CLOSED),
        Status.IN_CONTACT: (Status.SCHEDULED, Status.ADMITTED, Status.REFERRED, Status.CLOSED),
        Status.SCHEDULED: (Status.IN_CONTACT, Status.ADMITTED, Status.REFERRED, Status.CLOSED),
        Status.ADMITTED: (Status.CLOSED,),
        Status.REFERRED: (Status.IN_CONTACT, Status.CLOSED),
        Status.CLOSED: (Status.IN_CONTACT,),
    }

    reference = models.CharField(_("reference"), max_length=8, unique=True, editable=False)
    # SHA-256 of the form's one-time token: the same form sent twice meets itself here.
    idempotency_key = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False, db_index=True)
    respond_by_at = models.DateTimeField(_("respond by"), null=True, editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.NEW, editable=False)
    level_of_care = models.ForeignKey(
        LevelOfCare, verbose_name=_("level of care"), null=True, on_delete=models.PROTECT, editable=False
    )
    age_band = models.CharField(_("age band"), max_length=8, choices=AgeBand.choices, editable=False)
    language = models.CharField(_("language"), max_length=8, default="en", editable=False)
    sealed = models.BinaryField(editable=False)
    # HMAC of what was sealed, keyed with the one-time nonce, which is not stored: tells 'the same again' from 'changed'
    # at the moment of sending, and lets nobody try guesses against it afterwards.
    content_digest = models.CharField(max_length=64, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=EnquiryStatus.values), name="admissions_enquiry_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("admin:admissions_enquiry_change", args=[self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Immutable(f"Enquiry {self.pk} cannot be deleted.")

    @property
    def next_statuses(self) -> list[EnquiryStatus]:
        return [self.Status(value) for value in self.TRANSITIONS[self.status]]

    def move_to(self, status: str, *, by: Any, sealed: bytes | None = None) -> EnquiryEvent:
        """Record the step `status`; raises IllegalTransition when it is not one of `next_statuses` (any more)."""
        with transaction.atomic():
            current = Enquiry.objects.select_for_update().get(pk=self.pk)
            if status not in current.TRANSITIONS[current.status]:
                allowed = ", ".join(str(value.label) for value in current.next_statuses)
                raise IllegalTransition(
                    _("This enquiry is “%(status)s” now; from there it can go to: %(allowed)s.")
                    % {"status": current.get_status_display(), "allowed": allowed}
                )
            event = EnquiryEvent.objects.create(
                enquiry=self,
                kind=EnquiryEvent.Kind.STATUS,
                from_status=current.status,
                to_status=status,
                sealed=sealed,
                actor=by,
            )
            Enquiry.objects.filter(pk=self.pk).update(status=status)
        self.status = status
        return event

    def add_note(self, sealed: bytes, *, by: Any) -> EnquiryEvent:
        return EnquiryEvent.objects.create(enquiry=self, kind=EnquiryEvent.Kind.NOTE, sealed=sealed, actor=by)


class EnquiryEvent(AppendOnly):
    """One entry of the timeline. What staff or the visitor wrote is sealed like the enquiry itself."""

    class Kind(models.TextChoices):
        STATUS = "status", _("Status changed")
        NOTE = "note", _("Note")
        SENT_AGAIN = "sent_again", _("Sent again by the visitor, with changes")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    from_status = models.CharField(max_length=12, choices=Enquiry.Status.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=Enquiry.Status.choices, blank=True)
    # A note, or the whole form once more; NULL where nothing was written.
    sealed = models.BinaryField(null=True, editable=False)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]


class ReadRecord(AppendOnly):
    """Who has read what, when. Nobody reads an enquiry without one."""

    class Action(models.TextChoices):
        LIST = "list", _("Saw the name in a list")
        OPEN = "open", _("Opened")

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(_("what"), max_length=8, choices=Action.choices)
    references = models.JSONField(_("references"))

    class Meta:
        verbose_name = _("read record")
        verbose_name_plural = _("read records")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_action_display()}: {', '.join(self.references)}"
