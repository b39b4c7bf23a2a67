"""SelfTestResult: how the site's last tests of itself ended."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# It runs once a day; a worker may be busy or be started anew meanwhile.
TOO_OLD_AFTER = timedelta(hours=26)
KEPT = 30


class SelfTestStep(models.TextChoices):
    """In their order."""

    FORM = "form", _("open the form")
    SEND = "send", _("send it")
    STORE = "store", _("find it stored")
    OPEN = "open", _("open it with the staff key")
    NOTIFY = "notify", _("tell staff by e-mail")
    REMOVE = "remove", _("remove it again")


class SelfTestResult(models.Model):
    """The last KEPT of them. `sentence` says what went wrong, in the site's first language; nothing of an enquiry."""

    Step = SelfTestStep

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    failed_step = models.CharField(_("failed at"), max_length=8, choices=SelfTestStep.choices, blank=True)
    sentence = models.TextField(_("what went wrong"), blank=True)
    took_ms = models.PositiveIntegerField(_("took"))

    class Meta:
        verbose_name = _("self-test")
        verbose_name_plural = _("self-tests")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        permissions = [("run_selftest", "Can have the site test itself")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def latest(cls) -> SelfTestResult | None:
        """None when there was none yet; one query."""
        return cls.objects.first()

    @property
    def is_well(self) -> bool:
        return not self.failed_step

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.at

    @property
    def is_too_old(self) -> bool:
        return self.age > TOO_OLD_AFTER

    def keep(self) -> None:
        """Save it, and forget the oldest."""
        self.save()
        kept = list(SelfTestResult.objects.values_list("pk", flat=True)[:KEPT])
        SelfTestResult.objects.exclude(pk__in=kept).delete()
