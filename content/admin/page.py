"""The page editor: drafts are saved here; each further part of the desk is a mixin with its own views."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditor
from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from content import links
from content.admin import chosen, editor
from content.admin.block import BlockInline
from content.admin.filters import LanguageFilter
from content.admin.guard import GuardMixin
from content.admin.preview import PreviewMixin
from content.admin.publish import PublishMixin
from content.admin.review import ReviewMixin
from content.admin.schedule import ScheduleMixin
from content.admin.translation import TranslationMixin
from content.admin.trash import TrashMixin
from content.admin.versions import VersionsMixin
from content.models import BLOCK_MODELS, Page, Publication
from iop_site.careful_admin import CarefulAdmin

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
    "practice": "rule",
    "week": "calendar_view_week",
    "ladder": "stairs",
    "milestone": "timeline",
}
BLOCK_OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
}


@admin.register(Page)
class PageAdmin(
    PublishMixin,
    ScheduleMixin,
    VersionsMixin,
    PreviewMixin,
    ReviewMixin,
    TranslationMixin,
    GuardMixin,
    TrashMixin,
    CarefulAdmin,
    ContentEditor,
):
    inlines = [
        BlockInline.create(model, icon=ICONS[model.type], formfield_overrides=BLOCK_OVERRIDES) for model in BLOCK_MODELS
    ]
    list_display = ["__str__", "state", "section", "order", "language_and_state", "updated_at"]
    list_filter = [LanguageFilter, "section"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["related_pages", "translation_of"]
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (
            _("Address and place"),
            {
                "classes": ["collapse"],
                "fields": [
                    *("slug", "nav_title", "section", "order", "language", "translation_of", "description"),
                    *("related_pages", "is_in_menu", "can_leave_quickly"),
                ],
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
        live = Publication.objects.live().filter(page=models.OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                live_since=models.Subquery(live.values("starts_at")[:1]),
                live_digest=models.Subquery(live.values("version__digest")[:1]),
                live_made_at=models.Subquery(live.values("version__created_at")[:1]),
            )
        )

    @admin.display(description=_("visitors see"), ordering="live_since")
    def state(self, page: Page) -> str:
        if page.live_since is None:
            return format_html('<span class="status">{}</span>', _("Draft"))
        is_saved_here = bool(page.draft_digest)
        if page.draft_digest != page.live_digest if is_saved_here else page.updated_at > page.live_made_at:
            return format_html('<span class="status status-changed">{}</span>', _("Live, draft is newer"))
        return format_html('<span class="status status-live">{}</span>', _("Live"))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with links.indexed():
            response = super().changeform_view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                # Here, while every address is at hand, rather than on the way out.
                response.render()
            return response

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_change_form(request, context, **kwargs)
        response.context_data["media"] += editor.MEDIA + chosen.media()
        return response
