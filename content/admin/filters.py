"""What lists are filtered by beside their fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class LanguageFilter(admin.SimpleListFilter):
    """By the names of the languages that are in use; not there while that is one."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        used = set(model_admin.model._default_manager.order_by().values_list("language", flat=True).distinct())
        return [(code, name) for code, name in settings.LANGUAGES if code in used]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(language=self.value()) if self.value() else queryset
