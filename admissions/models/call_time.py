"""CallTime: when a visitor wants to be called, held by a constraint."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallTime(models.Model):
    """One of the calls that staff can make at `starts_at`; `place` counts from 0 to their number, so that the database
    refuses whoever comes too late. An enquiry without one is called as soon as possible."""

    enquiry = models.OneToOneField("admissions.Enquiry", on_delete=models.PROTECT, related_name="call_time")
    starts_at = models.DateTimeField(_("starts"), db_index=True)
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("call-back time")
        verbose_name_plural = _("call-back times")
        ordering = ["starts_at", "place"]
        constraints = [models.UniqueConstraint(fields=["starts_at", "place"], name="calltime_place_is_taken_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
