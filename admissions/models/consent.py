"""ConsentWording: what visitors agree to, each version of it kept for good."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admissions.choices import ConsentChannel
from iop_site.append_only import AppendOnly


class ConsentWording(AppendOnly):
    """The newest one of a channel and language is asked; a new wording is a new row."""

    channel = models.CharField(_("for"), max_length=8, choices=ConsentChannel.choices)
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(
        _("wording"), max_length=600, help_text=_("What the visitor ticks, as one sentence or two.")
    )
    since_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        ordering = ["channel", "language", "-since_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.language}, {self.since_at:%Y-%m-%d}"
