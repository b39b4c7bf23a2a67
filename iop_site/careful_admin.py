"""What every ModelAdmin of this site shares: an address or a form that nobody was offered breaks nothing.

Django's own lets an address ask about any column in any way, and asks the database for rows by whatever was sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.http import HttpRequest, HttpResponse

from iop_site.named_fields import NamedForm

# Of every whole number with so many, the database can tell whether a row has it.
MOST_DIGITS = 18


def whole_numbers(values: Iterable[Any]) -> list[str]:
    """Those of `values`, as text, that can be the number of a row."""
    texts = [str(value) for value in values]
    return [text for text in texts if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS]


class CarefulChangeList(ChangeList):
    """Filters as the list offers them, and in no other way."""

    def get_filters(self, request: HttpRequest) -> Any:
        filters = super().get_filters(request)
        # What no filter beside the list took for itself.
        if filters[2]:
            raise DisallowedModelAdminLookup("Not a filter of this list.")
        return filters

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except OverflowError as error:
            # A moment at the ends of the calendar has no name in every zone.
            raise IncorrectLookupParameters from error


class _ShowsRowsOnly:
    """For a widget that fetches what it shows: by what an address or a form that was refused says."""

    def optgroups(self, name: str, value: list[Any], attrs: Any = None) -> Any:
        return super().optgroups(name, whole_numbers(value), attrs)  # type: ignore[misc]


class CarefulSelect(_ShowsRowsOnly, AutocompleteSelect):
    pass


class CarefulSelectMultiple(_ShowsRowsOnly, AutocompleteSelectMultiple):
    pass


class RowsField(forms.ModelMultipleChoiceField):
    """Asks the database for numbers that it can have: SQLite fails at longer ones."""

    def clean(self, value: Any) -> Any:
        if strange := [one for one in value or [] if not whole_numbers([one])]:
            params = {"pk": strange[0]}
            raise forms.ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params=params)
        return super().clean(value)


class CarefulAdmin(admin.ModelAdmin):
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CarefulChangeList

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", CarefulSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", RowsField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", CarefulSelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, **{"form": NamedForm} | kwargs)

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        chosen = request.POST.copy()
        chosen.setlist(ACTION_CHECKBOX_NAME, whole_numbers(chosen.getlist(ACTION_CHECKBOX_NAME)))
        request.POST = chosen
        return super().response_action(request, queryset)
