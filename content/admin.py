"""The editors' desk."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from content import pictures, publishing
from content.models import (
    BLOCK_MODELS,
    LevelOfCare,
    OfficeHours,
    Page,
    PageVersion,
    Picture,
    Publication,
    SiteSettings,
)

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


class PageAdmin(ContentEditor):
    inlines = [
        ContentEditorInline.create(model, icon=ICONS[model.type], formfield_overrides=BLOCK_OVERRIDES)
        for model in BLOCK_MODELS
    ]
    list_display = ["__str__", "section", "order", "language", "state", "updated_at"]
    list_filter = ["language", "section"]
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
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Page]:
        live = Publication.objects.live().filter(page=models.OuterRef("pk")).values("starts_at")[:1]
        return super().get_queryset(request).annotate(live_since=models.Subquery(live))

    @admin.display(description=_("live"), boolean=True, ordering="live_since")
    def state(self, page: Page) -> bool:
        return page.live_since is not None

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


class ReadOnlyAdmin(admin.ModelAdmin):
    """For what may only be added, and not by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PageVersionAdmin(ReadOnlyAdmin):
    list_display = ["page", "number", "created_at", "created_by", "change_note"]
    list_select_related = ["page", "created_by"]
    list_filter = ["page"]
    fields = ["page", "number", "created_at", "created_by", "change_note", "digest"]


class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["page", "version", "slug", "starts_at", "ends_at", "published_by"]
    list_select_related = ["page", "version", "published_by"]


class OfficeHoursInline(admin.TabularInline):
    model = OfficeHours
    extra = 1


class SiteSettingsAdmin(admin.ModelAdmin):
    """The list of one row leads straight to it."""

    inlines = [OfficeHoursInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        exists = SiteSettings.objects.filter(pk=SiteSettings.PK).exists()
        name, args = ("change", [SiteSettings.PK]) if exists else ("add", [])
        return HttpResponseRedirect(reverse(f"admin:content_sitesettings_{name}", args=args))

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: forms.ModelForm, change: bool) -> None:
        obj.pk = SiteSettings.PK
        super().save_model(request, obj, form, change)


class LevelOfCareAdmin(admin.ModelAdmin):
    list_display = ["name", "short_name", "ages", "order", "is_accepting"]
    list_editable = ["order", "is_accepting"]
    list_filter = ["ages", "is_accepting"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "ages", "is_accepting", "order"]}),
        (
            _("How much"),
            {
                "fields": [
                    ("hours_per_day_from", "hours_per_day_to"),
                    ("days_per_week_from", "days_per_week_to"),
                    ("typical_weeks_from", "typical_weeks_to"),
                ]
            },
        ),
        (_("For whom"), {"fields": ["setting", "lives_at_home", "suits", "not_suited"]}),
    ]


class PictureForm(forms.ModelForm):
    file = forms.FileField(
        label=_("file"), help_text=_("A JPEG, PNG or WebP file of at most 15 MB and 25 million pixels.")
    )

    class Meta:
        model = Picture
        fields = ["name"]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        pictures.encode(upload, upload.size)
        upload.seek(0)
        return upload


class PictureAdmin(admin.ModelAdmin):
    form = PictureForm
    list_display = ["name", "width", "height", "created_at"]
    search_fields = ["name"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Picture, form: forms.ModelForm, change: bool) -> None:
        upload = form.cleaned_data["file"]
        obj.pk = pictures.store(upload, size=upload.size, name=obj.name).pk
        obj.refresh_from_db()


admin.site.register(Page, PageAdmin)
admin.site.register(PageVersion, PageVersionAdmin)
admin.site.register(Publication, PublicationAdmin)
admin.site.register(Picture, PictureAdmin)
admin.site.register(SiteSettings, SiteSettingsAdmin)
admin.site.register(LevelOfCare, LevelOfCareAdmin)
