"""The desk: enquiries to read and to move on, and who has read them. Nothing here can be added, edited or deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from admissions import references, sealing, services
from admissions.forms import NOT_SURE, NoteForm
from admissions.models import Enquiry, EnquiryEvent, IllegalTransition, ReadRecord
from iop_site.careful_admin import CarefulAdmin

NOTHING = "—"


class ReadOnlyAdmin(CarefulAdmin):
    """Every denial here holds for superusers too."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    list_display = ["shown_reference", "name", "received_at", "shown_status", "level", "age_band"]
    list_filter = ["status", "level_of_care", "age_band", "received_at"]
    list_select_related = ["level_of_care"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ["received_at"]
    search_fields = ["^reference"]
    search_help_text = _("By reference. Names and telephone numbers are sealed, so they cannot be searched for.")

    class Media:
        css = {"all": ["css/admin-enquiry.css"]}

    def get_urls(self) -> list[URLPattern]:
        def staff_only(view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(
                f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"admissions_enquiry_{name}"
            )

        return [staff_only(self.status_view, "status"), staff_only(self.note_view, "note"), *super().get_urls()]

    # --- The list ---------------------------------------------------------------------------------------------------

    @admin.display(description=_("reference"))
    def shown_reference(self, enquiry: Enquiry) -> str:
        return references.spoken(enquiry.reference)

    @admin.display(description=_("status"))
    def shown_status(self, enquiry: Enquiry) -> str:
        status = format_html(
            '<span class="enquiry-status enquiry-status-{}">{}</span>', enquiry.status, enquiry.get_status_display()
        )
        if not enquiry.is_sent_again:  # type: ignore[attr-defined]
            return status
        return format_html('{} <span class="enquiry-again">{}</span>', status, gettext("Sent again"))

    @admin.display(description=_("level of care"))
    def level(self, enquiry: Enquiry) -> str:
        return enquiry.level_of_care.short_name if enquiry.level_of_care else str(NOT_SURE)

    @admin.display(description=_("name"))
    def name(self, enquiry: Enquiry) -> str:
        return getattr(enquiry, "opened_name", "") or NOTHING

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        again = EnquiryEvent.objects.filter(enquiry=OuterRef("pk"), kind=EnquiryEvent.Kind.SENT_AGAIN)
        return super().get_queryset(request).annotate(is_sent_again=Exists(again))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], search_term: str
    ) -> tuple[QuerySet[Enquiry], bool]:
        return super().get_search_results(request, queryset, references.normalise(search_term))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, {"title": _("Enquiries")} | (extra_context or {}))
        changelist = (getattr(response, "context_data", None) or {}).get("cl")
        if changelist is not None:
            changelist.result_list = list(changelist.result_list)
            self._open_names(request, changelist.result_list)
        return response

    def _open_names(self, request: HttpRequest, enquiries: list[Enquiry]) -> None:
        """Give the rows of one page, about to be rendered, their names."""
        try:
            names = services.open_names(enquiries=enquiries, actor=request.user)
        except sealing.StaffKeyMissing as error:
            messages.warning(request, str(error))
            return
        for enquiry in enquiries:
            enquiry.opened_name = names[enquiry.pk]  # type: ignore[attr-defined]
        if not all(names.values()):
            messages.warning(
                request, gettext("Some names cannot be opened: the staff key here is not the one they were sealed to.")
            )

    # --- One enquiry ------------------------------------------------------------------------------------------------

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._page(request, self._enquiry(request, object_id), NoteForm())

    @method_decorator(require_POST)
    def status_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To `status`, with a note or without."""
        enquiry = self._enquiry(request, object_id, to_act=True)
        form = NoteForm(request.POST, is_required=False)
        if not form.is_valid():
            return self._page(request, enquiry, form)
        try:
            event = services.change_status(
                enquiry=enquiry,
                status=request.POST.get("status", ""),
                actor=request.user,
                note=form.cleaned_data["note"],
            )
        except (IllegalTransition, sealing.SealingUnavailable) as error:
            messages.error(request, str(error))
            enquiry.refresh_from_db()
            return self._page(request, enquiry, form)
        return self._done(
            request,
            enquiry,
            gettext("Status: {old} → {new}.").format(
                old=event.get_from_status_display(), new=event.get_to_status_display()
            ),
        )

    @method_decorator(require_POST)
    def note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = self._enquiry(request, object_id, to_act=True)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._page(request, enquiry, form)
        try:
            services.add_note(enquiry=enquiry, note=form.cleaned_data["note"], actor=request.user)
        except sealing.SealingUnavailable as error:
            messages.error(request, str(error))
            return self._page(request, enquiry, form)
        return self._done(request, enquiry, gettext("Note added."))

    def may_act(self, request: HttpRequest) -> bool:
        """`change_enquiry` allows the steps and the notes below; the fields themselves nobody may edit."""
        return request.user.has_perm("admissions.change_enquiry")

    def _enquiry(self, request: HttpRequest, object_id: str, *, to_act: bool = False) -> Enquiry:
        if not self.has_view_permission(request) or (to_act and not self.may_act(request)):
            raise PermissionDenied
        enquiry = self.get_object(request, unquote(object_id))
        if enquiry is None:
            raise Http404
        return enquiry

    def _page(self, request: HttpRequest, enquiry: Enquiry, form: NoteForm) -> HttpResponse:
        """The enquiry, opened if it can be, and its forms; `form` keeps what was written and could not be stored."""
        opened, problem = None, ""
        try:
            opened = services.open_enquiry(enquiry=enquiry, actor=request.user)
        except (sealing.StaffKeyMissing, sealing.SealBroken) as error:
            problem = str(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Enquiry {reference}").format(reference=references.spoken(enquiry.reference)),
            "enquiry": enquiry,
            "original": enquiry,
            "opened": opened,
            "problem": problem,
            "events": opened.events if opened else services.unopened_events(enquiry),
            "form": form,
            "may_act": self.may_act(request),
        }
        return TemplateResponse(request, "admin/admissions/enquiry/enquiry_change.html", context)

    def _done(self, request: HttpRequest, enquiry: Enquiry, what: str) -> HttpResponse:
        self.log_change(request, enquiry, what)
        messages.success(request, what)
        return HttpResponseRedirect(enquiry.get_absolute_url())


@admin.register(ReadRecord)
class ReadRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "shown_references"]
    list_filter = ["action", "at", ("actor", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["actor"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ["at"]
    fields = ["at", "actor", "action", "shown_references"]
    readonly_fields = fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Who has read what")} | (extra_context or {}))

    @admin.display(description=_("references"))
    def shown_references(self, record: ReadRecord) -> str:
        return ", ".join(references.spoken(reference) for reference in record.references)
