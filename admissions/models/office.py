"""What staff set for admissions: call-back times, days on which nobody answers, and the words for teens."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.language import validate_other_language


class AdmissionsSettings(models.Model):
    """One row."""

    PK = 1

    offers_call_times = models.BooleanField(
        _("visitors may choose a time for a call"),
        default=True,
        help_text=_("Within the office hours of the site settings. “As soon as possible” is always there as well."),
    )
    call_minutes = models.PositiveSmallIntegerField(
        _("minutes a call is given"), default=30, validators=[MinValueValidator(10), MaxValueValidator(120)]
    )
    calls_at_once = models.PositiveSmallIntegerField(
        _("calls at the same time"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("How many of you can make one."),
    )
    notice_minutes = models.PositiveSmallIntegerField(
        _("minutes of notice"),
        default=120,
        validators=[MaxValueValidator(10_080)],
        help_text=_("A time that is nearer than this cannot be chosen any more."),
    )
    days_ahead = models.PositiveSmallIntegerField(
        _("days ahead"), default=5, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    keeps_holidays = models.BooleanField(
        _("closed on federal holidays"),
        default=True,
        help_text=_("Of the United States. Closures of your own stand below."),
    )
    holidays_of = models.CharField(
        _("… and on those of the state"), max_length=2, blank=True, default="", help_text=_("Such as MA, or empty.")
    )
    teens_may_ask_first = models.BooleanField(
        _("teens may ask to be heard before a parent is told"),
        default=True,
        help_text=_("What you may promise a minor depends on your state. Untick where you cannot promise this."),
    )
    teen_wording = models.TextField(
        _("words for a teen who writes alone"),
        max_length=600,
        blank=True,
        help_text=_("Above the questions, when a teen writes for themself. Empty: the site’s own words."),
    )

    class Meta:
        verbose_name = _("admissions settings")
        verbose_name_plural = _("admissions settings")

    def __str__(self) -> str:
        return str(_("Admissions settings"))


class AdmissionsText(models.Model):
    """The words of the admissions settings in another language than the site's first."""

    settings = models.ForeignKey(AdmissionsSettings, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, validators=[validate_other_language])
    teen_wording = models.TextField(_("words for a teen who writes alone"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["settings", "language"], name="admissionstext_once")]

    def __str__(self) -> str:
        return self.language


class Closure(models.Model):
    """Days on which nobody answers, beside the holidays."""

    settings = models.ForeignKey(AdmissionsSettings, on_delete=models.CASCADE, related_name="closures")
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    note = models.CharField(_("why"), max_length=120, blank=True, help_text=_("For staff alone."))

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_on"]

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on}"

    def clean(self) -> None:
        if self.first_on and self.last_on and self.first_on > self.last_on:
            raise ValidationError({"last_on": _("The last day must not be before the first.")})
