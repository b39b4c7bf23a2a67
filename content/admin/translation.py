"""Translations at the desk: which there are, how one begins, and what has changed in the page that it translates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import translating
from content.admin.desk import desk_path, desk_response, desk_url, page_for, require
from content.admin.differences import Differences, differences_between
from content.documents import upgraded
from content.models import Page, PageVersion

MAY_START = ("content.add_page", "content.change_page")
BEHIND, CURRENT, LACKS = "behind", "current", "lacks-"


def name_of(language: str) -> str:
    return str(dict(settings.LANGUAGES).get(language, language))


def words_for(page: Page) -> dict[str, Any]:
    """What sentences about the translation `page` need: its language, and that of its source."""
    return {"language": name_of(page.language), "source": name_of(settings.LANGUAGE_CODE)}


@dataclass(frozen=True)
class Panel:
    """Of a page in the first language `translations`; of another one the page that it translates, if that is known,
    and whether it says what that says now."""

    translations: list[translating.Translation]
    source: Page | None
    is_current: bool
    may_start: bool
    words: dict[str, Any]


def panel_for(request: HttpRequest, page: Page) -> Panel | None:
    """None where the site has one language."""
    if not translating.other_languages():
        return None
    is_first = page.language == settings.LANGUAGE_CODE
    return Panel(
        translations=translating.translations_of(page) if is_first else [],
        source=page.translation_of,
        is_current=translating.is_current(page),
        may_start=is_first and page.deleted_at is None and request.user.has_perms(MAY_START),
        words=words_for(page),
    )


class TranslationFilter(admin.SimpleListFilter):
    title = gettext_lazy("translation")
    parameter_name = "translation"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        missing = [
            (f"{LACKS}{code}", _("Not in %(language)s yet") % {"language": name})
            for code, name in translating.other_languages()
        ]
        return [(BEHIND, _("Original has changed")), (CURRENT, _("Up to date")), *missing] if missing else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> QuerySet[Page]:
        value = self.value() or ""
        if value == BEHIND:
            return translating.behind(queryset)
        if value == CURRENT:
            return translating.current(queryset)
        return translating.lacking(queryset, value.removeprefix(LACKS)) if value.startswith(LACKS) else queryset


class TranslationMixin:
    """For PageAdmin."""

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_path(self, "<int:page_id>/translate/<str:language>/", self.translate_view, "translate"),
            desk_path(self, "<int:page_id>/translation/", self.translation_view, "translation"),
            *super().get_urls(),
        ]

    # --- The list and the editor -------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return translating.with_source_digest(super().get_queryset(request))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), TranslationFilter]

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def language_and_state(self, page: Page) -> str:
        name = name_of(page.language)
        if page.translation_of_id is None:
            return name
        if translating.is_current(page):
            return format_html('{} <span class="status status-live">{}</span>', name, _("Up to date"))
        return format_html('{} <span class="status status-changed">{}</span>', name, _("Original has changed"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        page = self.get_object(request, object_id)
        if page is not None and self.has_view_permission(request, page):
            extra_context = (extra_context or {}) | {"panel": panel_for(request, page)}
        return super().change_view(request, object_id, form_url, extra_context)

    # --- Beginning one -----------------------------------------------------------------------------------------------

    def translate_view(self, request: HttpRequest, page_id: int, language: str) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, *MAY_START)
        if language not in dict(translating.other_languages()):
            raise Http404
        existing = page.translations.kept().filter(language=language).first()
        if existing:
            self.message_user(request, _("There is one already: this is it."), messages.INFO)
            return HttpResponseRedirect(desk_url("change", existing))
        words = {"language": name_of(language)}
        if request.method == "POST":
            return self._start(request, page, language)
        title = _("Start the %(language)s translation?") % words
        version = translating.version_to_say(page)
        return desk_response(self, request, "translate", page=page, title=title, words=words, version=version)

    def _start(self, request: HttpRequest, page: Page, language: str) -> HttpResponse:
        try:
            made = translating.start(source=page, language=language, by=request.user)
        except translating.TranslationRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(desk_url("change", page))
        self.log_addition(request, made, f"Started as the translation of page {page.pk}.")
        words = {"language": name_of(language)}
        text = _("This draft is to be in %(language)s: overwrite its words, and give it an address of its own.") % words
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(desk_url("change", made))

    # --- Bringing one up to date -------------------------------------------------------------------------------------

    def translation_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """GET: what has changed in the source since. POST: the translation says that now."""
        page = page_for(self, request, page_id)
        if page.translation_of is None:
            raise Http404
        if request.method == "POST":
            return self._mark_current(request, page)
        now = translating.version_to_say(page.translation_of)
        if now is None:
            text = _("The page that this translates has no version yet, so there is nothing to compare.")
            self.message_user(request, text, messages.INFO)
            return HttpResponseRedirect(desk_url("change", page))
        return desk_response(
            self,
            request,
            "translation",
            page=page,
            title=_("What has changed in the %(source)s") % words_for(page),
            then=(then := translating.version_said(page)),
            now=now,
            differences=_differences(then, now),
            is_current=translating.is_current(page),
            may_mark=self.has_change_permission(request, page),
            words=words_for(page),
        )

    def _mark_current(self, request: HttpRequest, page: Page) -> HttpResponse:
        require(request, "content.change_page")
        try:
            translating.mark_current(page=page, digest=request.POST.get("digest", ""))
        except translating.TranslationRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(desk_url("translation", page))
        self.log_change(request, page, "Noted that it says what the page that it translates says now.")
        text = _("Noted: the %(language)s says what the %(source)s says now.") % words_for(page)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(desk_url("change", page))


def _differences(then: PageVersion | None, now: PageVersion) -> Differences | None:
    """None while nobody has said which version the translation says."""
    return differences_between(upgraded(then.document), upgraded(now.document)) if then else None
