"""The page editor: drafts are saved, and published or taken down by their own buttons."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from content import publishing
from content.admin import editor
from content.models import BLOCK_MODELS, Page, Publication

# Material icon of each block type in the editor's menu.
ICONS = {
    "rich_text": "notes",
    "list_item": "list",
    "key_fact": "pin",
    "step": "format_list_numbered",
    "question": "help_outline",
    "callout": "info",
    "care_card": "health_and_safety",
    "image": "image",
    "call_to_action": "ads_click",
    "reference": "menu_book",
    "levels_of_care": "table_chart",
}
BLOCK_OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
}


@admin.register(Page)
class PageAdmin(ContentEditor):
    inlines = [
        ContentEditorInline.create(model, icon=ICONS[model.type], formfield_overrides=BLOCK_OVERRIDES)
        for model in BLOCK_MODELS
    ]
    list_display = ["__str__", "state", "section", "order", "language", "updated_at"]
    list_filter = ["language", "section"]
    list_per_page = 50
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["related_pages"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (
            _("Address and place"),
            {
                "classes": ["collapse"],
                "fields": ["slug", "nav_title", "section", "order", "language", "description", "related_pages"],
            },
        ),
    ]
    change_form_template = "admin/content/page/change_form.html"

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":
            return forms.ChoiceField(label=capfirst(db_field.verbose_name), choices=settings.LANGUAGES)
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 80})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Page]:
        live = Publication.objects.live().filter(page=models.OuterRef("pk")).values("starts_at")[:1]
        return super().get_queryset(request).annotate(live_since=models.Subquery(live))

    @admin.display(description=_("visitors see"), ordering="live_since")
    def state(self, page: Page) -> str:
        if page.live_since is None:
            return format_html('<span class="status">{}</span>', _("Draft"))
        if page.updated_at > page.live_since:
            return format_html('<span class="status status-changed">{}</span>', _("Live, draft is newer"))
        return format_html('<span class="status status-live">{}</span>', _("Live"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page = self.get_object(request, object_id)
        extra_context = (extra_context or {}) | {"may_publish": request.user.has_perm("content.publish_page")}
        if page is not None:
            live = Publication.objects.live().filter(page=page).first()
            extra_context |= {
                "live": live,
                "has_changes": publishing.draft_differs_from(page, live.version if live else None),
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra_context = (extra_context or {}) | {"may_publish": request.user.has_perm("content.publish_page")}
        return super().add_view(request, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_change_form(request, context, **kwargs)
        response.context_data["media"] += editor.MEDIA
        return response

    def response_add(self, request: HttpRequest, obj: Page, post_url_continue: str | None = None) -> HttpResponse:
        return self._publish(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Page) -> HttpResponse:
        return self._publish(request, obj) or super().response_change(request, obj)

    def _publish(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        """Publish or take down what was just saved, if that button was pressed."""
        if not ({"_publish", "_take_down"} & request.POST.keys()):
            return None
        if not request.user.has_perm("content.publish_page"):
            self.message_user(request, _("The draft is saved. Your account may not publish pages."), messages.ERROR)
        elif "_take_down" in request.POST:
            self._take_down(request, page)
        else:
            self._put_live(request, page)
        return HttpResponseRedirect(reverse("admin:content_page_change", args=[page.pk]))

    def _put_live(self, request: HttpRequest, page: Page) -> None:
        try:
            publication = publishing.publish(page=page, by=request.user)
        except publishing.PublishingRefused as refused:
            self.message_user(request, _("The draft is saved, but it cannot be published yet."), messages.ERROR)
            for problem in refused.problems:
                self.message_user(request, problem, messages.ERROR)
            return
        self.log_change(request, page, f"Published version {publication.version.number}.")
        self.message_user(
            request, _("Version %(number)s is live.") % {"number": publication.version.number}, messages.SUCCESS
        )

    def _take_down(self, request: HttpRequest, page: Page) -> None:
        if publishing.take_down(page=page, by=request.user):
            self.log_change(request, page, "Taken down.")
            self.message_user(request, _("The page is no longer live. The draft is kept."), messages.SUCCESS)
        else:
            self.message_user(request, _("The page was not live."), messages.INFO)
