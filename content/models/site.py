"""What a clinic sets once without a developer: who it is, when it answers, which levels of care it has."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.language import validate_other_language


def validate_time_zone(value: str) -> None:
    # Those without a slash, such as Factory or localtime, name no place.
    if "/" not in value or value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Write one such as America/New_York or America/Chicago."),
            params={"zone": value},
        )


def validate_telephone(value: str) -> None:
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("Write the telephone number with its area code, such as (617) 555-0142."))


def format_telephone(value: str) -> str:
    """`value` as people in the US write it, or as it stands when it is no telephone number."""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return value
    is_us = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_us else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def telephone_link(value: str) -> str:
    """The `tel:` link for `value`, '' when it is no telephone number."""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return ""
    return f"tel:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"


class SiteSettings(models.Model):
    """One row. Readers see its words on every page."""

    PK = 1

    organisation_name = models.CharField(
        _("name of the program"), max_length=80, default="Our program", help_text=_("At the top of every page.")
    )
    telephone = models.CharField(
        _("telephone"),
        max_length=32,
        blank=True,
        validators=[validate_telephone],
        help_text=_("At the top and the foot of every page and on every error page."),
    )
    email = models.EmailField(_("public e-mail address"), blank=True, help_text=_("In the footer."))
    address = models.TextField(_("address"), max_length=300, blank=True, help_text=_("In the footer, line by line."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/New_York",
        validators=[validate_time_zone],
        help_text=_("Office hours and every time that is shown are in this zone, for example America/Chicago."),
    )
    emergency_wording = models.TextField(
        _("emergency wording"),
        max_length=300,
        blank=True,
        help_text=_("Stands beside the links to 988 and 911 on every page. The links themselves cannot be removed."),
    )
    notify_email = models.EmailField(
        _("send notices of new enquiries to"),
        blank=True,
        help_text=_("Staff get one e-mail for each enquiry, with its reference and nothing personal."),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    def __str__(self) -> str:
        return self.organisation_name

    @classmethod
    def load(cls) -> SiteSettings:
        """The one row; before it is there, its defaults, unsaved."""
        return cls.objects.filter(pk=cls.PK).first() or cls(pk=cls.PK)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def telephone_display(self) -> str:
        return format_telephone(self.telephone)

    @property
    def telephone_link(self) -> str:
        return telephone_link(self.telephone)


class OfficeHours(models.Model):
    """One stretch of one weekday in which somebody answers; a day may have several, or none."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    site = models.ForeignKey(SiteSettings, on_delete=models.CASCADE, related_name="office_hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")
        ordering = ["weekday", "opens_at"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    def clean(self) -> None:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("The office must close after it opens.")})


HOURS = [MinValueValidator(Decimal("0.5")), MaxValueValidator(24)]
DAYS = [MinValueValidator(1), MaxValueValidator(7)]


class LevelOfCareQuerySet(models.QuerySet["LevelOfCare"]):
    def accepting(self) -> LevelOfCareQuerySet:
        return self.filter(is_offered=True, is_accepting=True)

    def for_ages(self, ages: str) -> LevelOfCareQuerySet:
        """Those for `ages` ('adults' or 'teens'); '' means all."""
        return self.filter(ages__in=[ages, LevelOfCare.Ages.ALL]) if ages else self.all()


class LevelOfCare(models.Model):
    class Ages(models.TextChoices):
        ADULTS = "adults", _("Adults")
        TEENS = "teens", _("Teens")
        ALL = "all", _("Adults and teens")

    class Kind(models.TextChoices):
        """From most care to least."""

        RESIDENTIAL = "residential", _("Residential treatment")
        PHP = "php", _("Partial hospitalization (PHP)")
        IOP = "iop", _("Intensive outpatient (IOP)")
        VIOP = "viop", _("Virtual intensive outpatient (vIOP)")
        OUTPATIENT = "outpatient", _("Weekly outpatient therapy")

    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where it stands in the picture of the levels. Empty: it is not drawn."),
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("Such as “Intensive outpatient program for teens”."))
    short_name = models.CharField(_("short name"), max_length=24, help_text=_("Such as “IOP”, for tables."))
    ages = models.CharField(_("ages"), max_length=8, choices=Ages.choices, default=Ages.ADULTS)
    hours_per_day_from = models.DecimalField(_("hours a day, from"), max_digits=3, decimal_places=1, validators=HOURS)
    hours_per_day_to = models.DecimalField(_("to"), max_digits=3, decimal_places=1, validators=HOURS)
    days_per_week_from = models.PositiveSmallIntegerField(_("days a week, from"), validators=DAYS)
    days_per_week_to = models.PositiveSmallIntegerField(_("to"), validators=DAYS)
    typical_weeks_from = models.PositiveSmallIntegerField(_("typical weeks, from"), validators=[MinValueValidator(1)])
    typical_weeks_to = models.PositiveSmallIntegerField(_("to"), validators=[MinValueValidator(1)])
    starts_at = models.TimeField(
        _("usual start"),
        null=True,
        blank=True,
        help_text=_("When a day usually begins. Empty: the picture of a week shows no clock times."),
    )
    setting = models.CharField(_("setting"), max_length=120, help_text=_("Where care happens, in a few words."))
    lives_at_home = models.BooleanField(_("the person lives at home"), default=True)
    suits = models.TextField(_("who it suits"), max_length=300)
    not_suited = models.TextField(_("who it does not suit"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(
        _("offered by this program"),
        default=True,
        db_default=True,
        help_text=_("Untick for a level that you only describe."),
    )
    is_accepting = models.BooleanField(
        _("accepting enquiries"), default=True, help_text=_("The enquiry form offers it only while this is ticked.")
    )

    objects = LevelOfCareQuerySet.as_manager()

    class Meta:
        verbose_name = _("level of care")
        verbose_name_plural = _("levels of care")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_new_clients(self) -> bool:
        return self.is_offered and self.is_accepting

    def clean(self) -> None:
        for low, high in (
            ("hours_per_day_from", "hours_per_day_to"),
            ("days_per_week_from", "days_per_week_to"),
            ("typical_weeks_from", "typical_weeks_to"),
        ):
            smallest, largest = getattr(self, low), getattr(self, high)
            if smallest is not None and largest is not None and smallest > largest:
                raise ValidationError({high: _("“To” must not be smaller than “from”.")})


class LevelText(models.Model):
    """A level of care in another language than the site's first."""

    level = models.ForeignKey(LevelOfCare, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, validators=[validate_other_language])
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=24)
    setting = models.CharField(_("setting"), max_length=120)
    suits = models.TextField(_("who it suits"), max_length=300)
    not_suited = models.TextField(_("who it does not suit"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["level", "language"], name="leveltext_once_per_language")]

    def __str__(self) -> str:
        return self.name


class SiteText(models.Model):
    """The words of the site settings in another language than the site's first."""

    site = models.ForeignKey(SiteSettings, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, validators=[validate_other_language])
    organisation_name = models.CharField(
        _("name of the program"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: its name in the site’s first language."),
    )
    emergency_wording = models.TextField(_("emergency wording"), max_length=300)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["site", "language"], name="sitetext_once_per_language")]

    def __str__(self) -> str:
        return self.language
