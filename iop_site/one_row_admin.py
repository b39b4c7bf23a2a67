"""A ModelAdmin for settings that are one row: its list leads straight to it, and it cannot be deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from iop_site.careful_admin import CarefulAdmin


class OneRowAdmin(CarefulAdmin):
    """Of a model whose `PK` is the row's primary key."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """For the lists of models on every page, without a query for whether the row is there: `changelist_view` looks
        when somebody comes."""
        may_change, may_view = self.has_change_permission(request), self.has_view_permission(request)
        return {"add": False, "change": may_change, "delete": False, "view": may_view}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        exists = self.model.objects.filter(pk=self.model.PK).exists()
        name, args = ("change", [self.model.PK]) if exists else ("add", [])
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args))

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool) -> None:
        obj.pk = self.model.PK
        super().save_model(request, obj, form, change)
