"""What staff set for admissions: call-back times, closed days, and the words for teens. admin.py imports it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from admissions import call_times, office
from admissions.models import AdmissionsSettings, AdmissionsText, Closure
from content import published
from content.admin.texts import TranslationInline
from content.models import OfficeHours
from iop_site.named_fields import NamedFormSet
from iop_site.one_row_admin import OneRowAdmin

SHOWN_DAYS = 3
DAYS_LOOKED_AHEAD = 365


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClosureInline(admin.TabularInline):
    model = Closure
    formset = NamedFormSet
    extra = 0
    formfield_overrides = {models.DateField: {"form_class": forms.DateField, "widget": DayInput}}


class AdmissionsTextInline(TranslationInline):
    model = AdmissionsText


@admin.register(AdmissionsSettings)
class AdmissionsSettingsAdmin(OneRowAdmin):
    inlines = [ClosureInline, AdmissionsTextInline]
    readonly_fields = ["next_times", "next_holidays"]
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    fieldsets = [
        (
            _("Times for a call"),
            {
                "fields": [
                    "offers_call_times",
                    ("call_minutes", "calls_at_once"),
                    ("notice_minutes", "days_ahead"),
                    "next_times",
                ]
            },
        ),
        (
            _("Closed days"),
            {
                "fields": ["keeps_holidays", "holidays_of", "next_holidays"],
                "description": _("On these days no call can be chosen, and no promise of an answer counts them."),
            },
        ),
        (_("A teen who writes alone"), {"fields": ["teens_may_ask_first", "teen_wording"]}),
    ]

    class Media:
        css = {"all": ["css/admin-office.css"]}

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "holidays_of":
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=[("", _("No state’s")), *office.STATES],
                required=False,
                error_messages={"invalid_choice": _("“%(value)s” is not a state whose holidays we know.")},
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("the next times that visitors can choose"))
    def next_times(self, settings: AdmissionsSettings) -> str:
        """As they stand in the database: a moment may end half a second after what was saved."""
        with published.reading(None):
            days = call_times.by_day(call_times.open_slots(timezone.now()))
            context = {
                "days": days[:SHOWN_DAYS],
                "more": sum(len(times) for _day, times in days[SHOWN_DAYS:]),
                "is_offered": settings.offers_call_times,
                "has_hours": bool(published.office_hours()),
            }
        return render_to_string("admin/admissions/admissionssettings/_next_times.html", context)

    @admin.display(description=_("the next days off"))
    def next_holidays(self, settings: AdmissionsSettings) -> str:
        """Those that change anything: of the days on which somebody would work, if that is known."""
        weekdays = {row.weekday for row in OfficeHours.objects.all()} or set(range(7))
        holidays = office.next_holidays(settings, timezone.localdate(), DAYS_LOOKED_AHEAD)
        return render_to_string(
            "admin/admissions/admissionssettings/_next_holidays.html",
            {"holidays": [(day, name) for day, name in holidays if day.weekday() in weekdays]},
        )
