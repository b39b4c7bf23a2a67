"""ReadRecord: who has read what, when, and why where that was asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from iop_site.append_only import AppendOnly


class ReadRecord(AppendOnly):
    """Who has read what, when. Nobody reads an enquiry without one; `actor` is NULL where the site itself did."""

    class Action(models.TextChoices):
        LIST = "list", _("Saw the name in a list")
        OPEN = "open", _("Opened")
        # As "reveal_" and the kind of contact.py.
        REVEAL_TELEPHONE = "reveal_telephone", _("Saw their telephone number, which was hidden")
        REVEAL_EMAIL = "reveal_email", _("Saw their e-mail address, which was hidden")
        REVEAL_OTHER = "reveal_other", _("Saw the number to reach instead, which was hidden")
        SELF_TEST = "self_test", _("Opened the site’s own test")
        DRILL = "drill", _("Opened with the recovery key, to try it")
        # `references` is empty: it is all of them.
        ROTATE = "rotate", _("Opened all of them, to seal them anew")

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(_("what"), max_length=16, choices=Action.choices)
    references = models.JSONField(_("references"))
    reason = models.CharField(_("why"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("read record")
        verbose_name_plural = _("read records")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_action_display()}: {', '.join(self.references)}"
