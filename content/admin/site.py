"""What a clinic sets once: its name and hours, and its levels of care."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.admin.texts import TranslationInline
from content.models import LevelOfCare, LevelText, OfficeHours, SiteSettings, SiteText
from iop_site.careful_admin import CarefulAdmin
from iop_site.named_fields import NamedFormSet
from iop_site.one_row_admin import OneRowAdmin


class ClockInput(forms.TimeInput):
    """The browser's own: hours and minutes, in the way its user writes them."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OfficeHoursInline(admin.TabularInline):
    model = OfficeHours
    formset = NamedFormSet
    extra = 0
    formfield_overrides = {models.TimeField: {"form_class": forms.TimeField, "widget": ClockInput}}


class SiteTextInline(TranslationInline):
    model = SiteText


class LevelTextInline(TranslationInline):
    model = LevelText


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowAdmin):
    inlines = [OfficeHoursInline, SiteTextInline]
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "telephone":
            # Every page and every error page sends people there.
            field.required = True
        return field


@admin.register(LevelOfCare)
class LevelOfCareAdmin(CarefulAdmin):
    list_display = ["name", "short_name", "ages", "order", "is_offered", "is_accepting"]
    list_editable = ["order", "is_accepting"]
    list_filter = ["ages", "is_offered", "is_accepting"]
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
        models.TimeField: {"form_class": forms.TimeField, "widget": ClockInput},
    }
    inlines = [LevelTextInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "ages", "is_offered", "is_accepting", "order"]}),
        (
            _("How much"),
            {
                "fields": [
                    ("hours_per_day_from", "hours_per_day_to"),
                    ("days_per_week_from", "days_per_week_to"),
                    ("typical_weeks_from", "typical_weeks_to"),
                    "starts_at",
                ]
            },
        ),
        (_("For whom"), {"fields": ["setting", "lives_at_home", "suits", "not_suited"]}),
    ]
