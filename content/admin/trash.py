"""Deleting pages means the trash: a confirmation that says what will happen, and the way back for 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content import trash
from content.admin.desk import desk_path, desk_response, desk_url, page_for, require
from content.models import Page, Publication


class TrashFilter(admin.SimpleListFilter):
    """The list is of pages that are not in the trash, or of those that are; never of both."""

    title = gettext_lazy("trash")
    parameter_name = "trash"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("In the trash"))]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for value, label in ((None, _("Not in the trash")), ("yes", _("In the trash"))):
            changed = {"new_params": {self.parameter_name: value}} if value else {"remove": [self.parameter_name]}
            yield {
                "selected": (self.value() == "yes") == (value == "yes"),
                "query_string": changelist.get_query_string(**changed),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> QuerySet[Page]:
        return queryset.in_trash() if self.value() == "yes" else queryset.kept()


class TrashMixin:
    """For PageAdmin."""

    actions = ["delete_selected", "bring_back_selected"]

    def get_urls(self) -> list[URLPattern]:
        return [desk_path(self, "<int:page_id>/bring-back/", self.bring_back_view, "bring_back"), *super().get_urls()]

    # --- The list ---------------------------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), TrashFilter]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        if _is_trash_list(request):
            return ["__str__", "way_back", "deleted", "language"]
        return super().get_list_display(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected" if _is_trash_list(request) else "bring_back_selected", None)
        return actions

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Page], search_term: str
    ) -> tuple[QuerySet[Page], bool]:
        """A page in the trash is not offered where one is chosen to link to."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.kept()
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        trash_context = {"title": _("Pages in the trash"), "is_trash": True} if _is_trash_list(request) else {}
        return super().changelist_view(request, (extra_context or {}) | trash_context)

    @admin.display(description=gettext_lazy("the way back"))
    def way_back(self, page: Page) -> str:
        until = trash.kept_until(page)
        if until is None or until < timezone.now():
            return _("The 30 days are over")
        text = _("Bring it back until %(date)s") % {"date": date_format(timezone.localtime(until))}
        return format_html('<a href="{}">{}</a>', desk_url("bring_back", page), text)

    @admin.display(description=gettext_lazy("deleted"), ordering="deleted_at")
    def deleted(self, page: Page) -> date:
        return timezone.localdate(page.deleted_at)

    # --- Into the trash -----------------------------------------------------------------------------------------------

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        trash.delete(page=obj, by=request.user)
        self.log_change(request, obj, "Put in the trash.")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        for page in queryset:
            self.delete_model(request, page)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page = self.get_object(request, unquote(object_id))
        if not self.has_delete_permission(request, page):
            raise PermissionDenied
        if page is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if page.deleted_at is not None:
            return HttpResponseRedirect(desk_url("bring_back", page))
        if request.method != "POST":
            is_popup = IS_POPUP_VAR in request.GET
            return self._confirm(request, "delete_confirmation", [page], page=page, is_popup=is_popup)
        self.delete_model(request, page)
        if IS_POPUP_VAR in request.POST:
            return self.response_delete(request, str(page), page.pk)
        self._say_deleted(request, [page])
        return HttpResponseRedirect(reverse("admin:content_page_changelist"))

    @admin.action(description=gettext_lazy("Delete the chosen pages"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Page]) -> HttpResponse | None:
        pages = list(queryset.kept())
        if request.POST.get("post") != "yes":
            return self._confirm(request, "delete_selected_confirmation", pages, box=ACTION_CHECKBOX_NAME)
        for page in pages:
            self.delete_model(request, page)
        self._say_deleted(request, pages)
        return None

    def _confirm(self, request: HttpRequest, template: str, pages: list[Page], **context: Any) -> HttpResponse:
        live = set(Publication.objects.live().filter(page__in=pages).values_list("page_id", flat=True))
        words = {"page": pages[0] if pages else "", "count": len(pages)}
        title = ngettext("Delete “%(page)s”?", "Delete these %(count)s pages?", len(pages)) % words
        return desk_response(
            self,
            request,
            template,
            title=title,
            pages=pages,
            live=[page for page in pages if page.pk in live],
            coming=Publication.objects.upcoming().filter(page__in=pages),
            linking=trash.pages_linking_to(*pages),
            **context,
        )

    def _say_deleted(self, request: HttpRequest, pages: list[Page]) -> None:
        words = {"page": pages[0] if pages else "", "count": len(pages)}
        text = ngettext(
            "“%(page)s” is in the trash and not live any more. It can be brought back for 30 days.",
            "%(count)s pages are in the trash and not live any more. They can be brought back for 30 days.",
            len(pages),
        )
        self.message_user(request, text % words, messages.SUCCESS)

    # --- Out of the trash ---------------------------------------------------------------------------------------------

    def bring_back_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, "content.delete_page")
        if request.method == "POST":
            self._bring_back(request, [page])
            return HttpResponseRedirect(desk_url("change", page))
        if page.deleted_at is None:
            self.message_user(request, _("“%(page)s” is not in the trash.") % {"page": page}, messages.INFO)
            return HttpResponseRedirect(desk_url("change", page))
        return desk_response(
            self,
            request,
            "delete_bring_back",
            page=page,
            title=_("Bring “%(page)s” back?") % {"page": page},
            kept_until=trash.kept_until(page),
            reason=trash.why_not(page),
        )

    @admin.action(description=gettext_lazy("Bring the chosen pages back"), permissions=["delete"])
    def bring_back_selected(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        self._bring_back(request, list(queryset.in_trash()))

    def _bring_back(self, request: HttpRequest, pages: list[Page]) -> None:
        for page in pages:
            try:
                trash.bring_back(page=page)
            except trash.CannotBringBack as refused:
                self.message_user(request, f"{page}: {refused}", messages.ERROR)
                continue
            self.log_change(request, page, "Brought back from the trash.")
            text = _("“%(page)s” is back as a draft. Visitors see it when you publish it.")
            self.message_user(request, text % {"page": page}, messages.SUCCESS)


def _is_trash_list(request: HttpRequest) -> bool:
    return request.GET.get(TrashFilter.parameter_name) == "yes"
