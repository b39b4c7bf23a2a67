"""Fields in the cells of a table, whose names stand above the column alone, are named each for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet


def name_fields(form: forms.ModelForm) -> None:
    """Such as “Opens at: Monday”, or “Opens at” in a row that is new."""
    row = "" if form.instance._state.adding else f": {form.instance}"
    for field in form.fields.values():
        if field.label and not field.widget.is_hidden:
            field.widget.attrs.setdefault("aria-label", f"{field.label}{row}")


class NamedForm(forms.ModelForm):
    """For lists that are edited in place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self)


class NamedFormSet(BaseInlineFormSet):
    """For tabular inlines, with the box that deletes a row."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        name_fields(form)
