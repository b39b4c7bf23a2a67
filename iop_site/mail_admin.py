"""E-mail that no server has taken, for staff to see and to give up on. admin.py imports it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from iop_site.careful_admin import CarefulAdmin
from iop_site.models import OwedMail


@admin.register(OwedMail)
class OwedMailAdmin(CarefulAdmin):
    """To delete one is to give up on it: it is not sent any more."""

    list_display = ["subject", "recipient", "owed_since", "attempts", "problem"]
    list_filter = ["recipient"]
    show_facets = admin.ShowFacets.NEVER
    fields = [*list_display, "next_attempt_at", "body"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            function, name, _label = actions["delete_selected"]
            actions["delete_selected"] = (function, name, _("Give up on the selected: never send them"))
        return actions

    def response_action(self, request: HttpRequest, queryset: QuerySet[OwedMail]) -> HttpResponse | None:
        """As Django's: these rows are known by digests, and not by numbers."""
        return super(CarefulAdmin, self).response_action(request, queryset)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
