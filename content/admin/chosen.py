"""What blocks point to, a page or a picture: looked up once for all blocks of a kind, and listed once for all of them.

Django's own would ask the database once for each block when a page is opened and three times when it is saved, and
write all that can be chosen into each block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.admin.options import InlineModelAdmin
from django.db import models
from django.forms import Media
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Script
from django.http import HttpRequest
from js_asset import JSON

from content.models import Page, Picture
from content.models.picture import thumbnail_of

Rows = Mapping[str, models.Model]
MOST_DIGITS = 18


class ChosenField(forms.ModelChoiceField):
    """`fetched`: by their primary keys as text, the rows that the forms beside this one have chosen as well."""

    fetched: Callable[[], Rows] | None = None

    def to_python(self, value: Any) -> models.Model | None:
        if value in self.empty_values or self.fetched is None:
            return super().to_python(value)
        row = self.fetched().get(str(value))
        if row is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )
        return row


class ChosenSelect(forms.Select):
    """Holds what is chosen alone; editor-choices.js adds what else there is when somebody goes there."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[tuple[str | None, list[Any], int]]:
        field = self.choices.field
        if field.fetched is None:
            return super().optgroups(name, value, attrs)
        rows = [row for chosen in value if (row := field.fetched().get(chosen))]
        options = [self.create_option(name, "", field.empty_label or "", False, 0)]
        options += [self.create_option(name, row.pk, field.label_from_instance(row), True, 1) for row in rows]
        return [(None, options, 0)]


class ChosenForm(forms.ModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        # The model's validation would ask once more whether a row exists that was just fetched.
        chosen = {name for name, field in self.fields.items() if isinstance(field, ChosenField)}
        return super()._get_validation_exclusions() | chosen


class ChosenFormSet(BaseInlineFormSet):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._fetched: dict[str, Rows] = {}
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        key = self.model._meta.pk.name
        own = form.fields[key]
        form.fields[key] = ChosenField(own.queryset, required=False, initial=own.initial, widget=own.widget)
        for name, field in form.fields.items():
            if isinstance(field, ChosenField):
                field.fetched = self._own_rows if name == key else lambda name=name: self._rows_of(name)

    def _own_rows(self) -> Rows:
        key = self.model._meta.pk.name
        if key not in self._fetched:
            self._fetched[key] = {str(row.pk): row for row in self.get_queryset()}
        return self._fetched[key]

    def _rows_of(self, name: str) -> Rows:
        """All that the forms have chosen in their fields `name`; one query."""
        if name not in self._fetched:
            chosen = {str(form[name].value()) for form in self.forms}
            keys = [int(key) for key in chosen if key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS]
            rows = self.empty_form.fields[name].queryset.in_bulk(keys)
            self._fetched[name] = {str(key): row for key, row in rows.items()}
        return self._fetched[name]


class ChosenInline(InlineModelAdmin):
    formset = ChosenFormSet

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != self.fk_name:
            name = db_field.related_model._meta.model_name
            kwargs |= {"form_class": ChosenField, "widget": ChosenSelect(attrs={"data-choices": name})}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        # Those who may only look are shown the names of the rows.
        pointers = [
            field.name for field in self.opts.concrete_fields if field.is_relation and field.name != self.fk_name
        ]
        queryset = super().get_queryset(request)
        return queryset.select_related(*pointers) if pointers else queryset


def media() -> Media:
    """The lists of all that can be chosen, for editor-choices.js; two queries."""
    data = {
        "page": [[str(page.pk), str(page)] for page in Page.objects.kept()],
        "picture": [[str(picture.pk), str(picture), thumbnail_of(picture)] for picture in Picture.objects.all()],
    }
    return Media(js=[JSON(data, id="editor-choices"), Script("js/editor-choices.js", type="module")])
