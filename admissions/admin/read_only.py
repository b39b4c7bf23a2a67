"""For what nobody may add, edit or delete."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from iop_site.careful_admin import CarefulAdmin


class ReadOnlyAdmin(CarefulAdmin):
    """Every denial here holds for superusers too."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
