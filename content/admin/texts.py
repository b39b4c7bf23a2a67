"""What a clinic says in other languages beside the texts that it says in the site's first one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from content.translating import other_languages


class TranslationInline(admin.StackedInline):
    """One row a language. Where there is none, readers of that language see the first one's words."""

    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(other_languages())

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=other_languages())
        return super().formfield_for_dbfield(db_field, request, **kwargs)
