"""Who has read what, and why where that was asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admissions import references
from admissions.admin.read_only import ReadOnlyAdmin
from admissions.models import ReadRecord


@admin.register(ReadRecord)
class ReadRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "action", "shown_references", "reason"]
    list_filter = ["action", "at", ("actor", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["references"]
    search_help_text = _("By reference.")
    list_select_related = ["actor"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ["at"]
    fields = ["at", "who", "action", "shown_references", "reason"]
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReadRecord], search_term: str
    ) -> tuple[QuerySet[ReadRecord], bool]:
        """Also what concerned all of them."""
        found, may_repeat = super().get_search_results(request, queryset, references.normalise(search_term))
        if search_term:
            found |= queryset.filter(action=ReadRecord.Action.ROTATE)
        return found, may_repeat

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Who has read what")} | (extra_context or {}))

    @admin.display(description=_("who"))
    def who(self, record: ReadRecord) -> Any:
        return record.actor or _("the site itself")

    @admin.display(description=_("references"))
    def shown_references(self, record: ReadRecord) -> str:
        named = ", ".join(references.spoken(reference) for reference in record.references)
        return named or gettext("all")
