"""ClinicalReview: a reviewer's signature under exactly one frozen text."""

from __future__ import annotations

import calendar
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.models.language import validate_other_language
from content.models.version import PageVersion
from iop_site.append_only import AppendOnly, AppendOnlyQuerySet

DEFAULT_MONTHS = 12
MOST_MONTHS = 24


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the month’s last where there is none: February 29 and a year is February 28."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class ReviewerProfile(models.Model):
    """Who may sign, and how readers are told of them: by role, never by name unless the role says it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_profile")
    credential = models.CharField(
        _("credential"), max_length=120, help_text=_("License and number or register, for our records. Not shown.")
    )
    public_role = models.CharField(
        _("role that readers see"), max_length=120, help_text=_("Such as “a licensed clinical psychologist”.")
    )

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")

    def __str__(self) -> str:
        return self.public_role


class ReviewerRole(models.Model):
    """The public role in another language than the site's first."""

    profile = models.ForeignKey(ReviewerProfile, on_delete=models.CASCADE, related_name="roles")
    language = models.CharField(_("language"), max_length=8, validators=[validate_other_language])
    public_role = models.CharField(_("role that readers see"), max_length=120)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["profile", "language"], name="reviewerrole_once_per_language")]

    def __str__(self) -> str:
        return self.public_role


class ClinicalReviewQuerySet(AppendOnlyQuerySet):
    def standing(self, on: date) -> ClinicalReviewQuerySet:
        """Neither withdrawn nor overdue on the day `on`."""
        withdrawn = Exists(ReviewWithdrawal.objects.filter(review=OuterRef("pk")))
        return self.filter(~withdrawn, due_on__gte=on)


class ClinicalReview(AppendOnly):
    version = models.ForeignKey(
        PageVersion, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("version")
    )
    # The digest that was on the reviewer's screen: the badge stands only while it is the version's.
    digest = models.CharField(_("digest"), max_length=64)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    public_role = models.CharField(_("role that readers see"), max_length=120)
    credential = models.CharField(_("credential"), max_length=120)
    are_references_checked = models.BooleanField(_("references checked"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)
    signed_on = models.DateField(_("signed on"))
    due_on = models.DateField(_("next review due"))

    objects = ClinicalReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinical review")
        verbose_name_plural = _("clinical reviews")
        ordering = ["-signed_at", "-pk"]
        permissions = [("sign_version", "Can sign a version after clinical review")]

    def __str__(self) -> str:
        return f"{self.version}: {self.signed_on} – {self.due_on}"

    def clean(self) -> None:
        if not (self.due_on and self.signed_on):
            return
        if not self.signed_on < self.due_on <= months_after(self.signed_on, MOST_MONTHS):
            raise ValidationError({"due_on": _("Choose a day after today and within two years.")})


class ReviewWithdrawal(AppendOnly):
    review = models.OneToOneField(ClinicalReview, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("withdrawal of a review")
        verbose_name_plural = _("withdrawals of reviews")


class ReviewReminder(AppendOnly):
    """One e-mail about one review: each kind is sent once."""

    class Kind(models.TextChoices):
        THIRTY_DAYS = "30_days", _("due in 30 days")
        SEVEN_DAYS = "7_days", _("due in 7 days")
        OVERDUE = "overdue", _("overdue")

    review = models.ForeignKey(ClinicalReview, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review reminder")
        verbose_name_plural = _("review reminders")
        constraints = [models.UniqueConstraint(fields=["review", "kind"], name="reviewreminder_once")]
