"""What may be read in the admin and only be added by the program itself."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from content.models import PageVersion, Publication
from iop_site.careful_admin import CarefulAdmin


class ReadOnlyAdmin(CarefulAdmin):
    """For what may only be added, and not by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PageVersion)
class PageVersionAdmin(ReadOnlyAdmin):
    list_display = ["page", "number", "created_at", "created_by", "change_note"]
    list_select_related = ["page", "created_by"]
    list_filter = ["page"]
    fields = ["page", "number", "created_at", "created_by", "change_note", "digest"]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["page", "version", "slug", "starts_at", "ends_at", "published_by"]
    list_select_related = ["page", "version", "published_by"]
