"""Enquiry: what the desk knows of it without opening it, and how it may go on."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions.models.call_time import CallTime
from admissions.models.event import EnquiryEvent
from admissions.models.status import EnquiryStatus
from content.models import LevelOfCare
from iop_site.append_only import Immutable


class IllegalTransition(Exception):
    """A step that this enquiry's status does not allow; its text says which ones are."""


class AlreadyWithdrawn(Exception):
    """The visitor has withdrawn it, so nothing can be added."""


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable("Enquiries cannot be deleted.")

    def real(self) -> EnquiryQuerySet:
        """Without those that the site sends itself to see that all is well."""
        return self.filter(is_synthetic=False)

    def remove_synthetic(self) -> int:
        """How many there were."""
        return self.filter(is_synthetic=True)._raw_delete(self.db)


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
        Status.WITHDRAWN: (),
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
    # Somebody may be in danger: the visitor said so, or used words of crisis.
    is_urgent = models.BooleanField(_("urgent"), default=False, db_default=False, editable=False)
    # It looks like abuse. Staff see it, and nobody is told of it before they release it.
    is_quarantined = models.BooleanField(_("in quarantine"), default=False, db_default=False, editable=False)
    # The site's own test, which is removed again.
    is_synthetic = models.BooleanField(default=False, db_default=False, editable=False)
    # SHA-256 of the visitor's private link, where they asked for one.
    link_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    # NULL once it is erased.
    sealed = models.BinaryField(null=True, editable=False)
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
                if not allowed:
                    raise IllegalTransition(_("The visitor has withdrawn this enquiry: nothing follows."))
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
        """Raises AlreadyWithdrawn: nothing that is sealed may come after what was erased."""
        with transaction.atomic():
            if Enquiry.objects.select_for_update().get(pk=self.pk).status == self.Status.WITHDRAWN:
                raise AlreadyWithdrawn
            return EnquiryEvent.objects.create(enquiry=self, kind=EnquiryEvent.Kind.NOTE, sealed=sealed, actor=by)

    def release(self, *, by: Any) -> bool:
        """Out of quarantine; whether it was in it."""
        with transaction.atomic():
            released = Enquiry.objects.filter(pk=self.pk, is_quarantined=True).update(is_quarantined=False)
            if released:
                EnquiryEvent.objects.create(enquiry=self, kind=EnquiryEvent.Kind.RELEASED, actor=by)
        self.is_quarantined = False
        return bool(released)

    def withdraw(self) -> None:
        """Erase what was written, then and later, for good: what remains says that there was an enquiry, and when. A
        second call changes nothing."""
        with transaction.atomic():
            current = Enquiry.objects.select_for_update().get(pk=self.pk)
            if current.status != self.Status.WITHDRAWN:
                CallTime.objects.filter(enquiry=self).delete()
                self.events.update(sealed=None)
                EnquiryEvent.objects.create(
                    enquiry=self,
                    kind=EnquiryEvent.Kind.WITHDRAWN,
                    from_status=current.status,
                    to_status=self.Status.WITHDRAWN,
                )
                Enquiry.objects.filter(pk=self.pk).update(
                    status=self.Status.WITHDRAWN,
                    sealed=None,
                    content_digest="",
                    is_urgent=False,
                    is_quarantined=False,
                    erased_at=timezone.now(),
                )
        self.refresh_from_db()
