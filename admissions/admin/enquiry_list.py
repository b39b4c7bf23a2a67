"""The list of enquiries: the newest first, with the names on the page that is shown, without what looks like abuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from admissions import references, sealing, services
from admissions.admin.read_only import ReadOnlyAdmin
from admissions.forms import NOT_SURE
from admissions.models import Enquiry, EnquiryEvent

NOTHING = "—"
MOMENT = "D, M j, P"


class QuarantineFilter(admin.SimpleListFilter):
    """Left out of the list, unless it is asked for, or a search may have found it: somebody who calls knows their
    reference, and not where we keep it."""

    title = _("quarantine")
    parameter_name = "quarantine"
    ONLY, BOTH = "only", "both"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.ONLY, _("In quarantine")), (self.BOTH, _("Both"))]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        every, *others = super().choices(changelist)
        yield every | {"display": _("Not in quarantine")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        if self.value() == self.ONLY:
            return queryset.filter(is_quarantined=True)
        if self.value() == self.BOTH or request.GET.get(SEARCH_VAR):
            return queryset
        return queryset.filter(is_quarantined=False)


class EnquiryListAdmin(ReadOnlyAdmin):
    list_display = ["shown_reference", "name", "received_at", "shown_call_time", "shown_status", "level", "age_band"]
    list_filter = [QuarantineFilter, "is_urgent", "status", "level_of_care", "age_band", "received_at"]
    list_select_related = ["level_of_care", "call_time"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ["received_at"]
    search_fields = ["^reference"]
    search_help_text = _("By reference. Names and telephone numbers are sealed, so they cannot be searched for.")

    class Media:
        css = {"all": ["css/admin-enquiry.css", "css/admin-enquiry-list.css"]}

    @admin.display(description=_("reference"))
    def shown_reference(self, enquiry: Enquiry) -> str:
        return references.spoken(enquiry.reference)

    @admin.display(description=_("status"))
    def shown_status(self, enquiry: Enquiry) -> str:
        marks = [
            ("urgent", gettext("Urgent"), enquiry.is_urgent),
            (f"status enquiry-status-{enquiry.status}", enquiry.get_status_display(), True),
            ("again", gettext("Sent again"), enquiry.is_sent_again),  # type: ignore[attr-defined]
            ("held", gettext("In quarantine"), enquiry.is_quarantined),
        ]
        return format_html_join(
            " ", '<span class="enquiry-{}">{}</span>', ((mark, word) for mark, word, is_so in marks if is_so)
        )

    @admin.display(description=_("call-back time"), empty_value=NOTHING)
    def shown_call_time(self, enquiry: Enquiry) -> str:
        call_time = getattr(enquiry, "call_time", None)
        if call_time is None:
            return ""
        return format_html(
            '<span class="enquiry-call"><span class="enquiry-on-phone">{} </span>{}</span>',
            gettext("Call:"),
            date_format(timezone.localtime(call_time.starts_at), MOMENT),
        )

    @admin.display(description=_("level of care"))
    def level(self, enquiry: Enquiry) -> str:
        return enquiry.level_of_care.short_name if enquiry.level_of_care else str(NOT_SURE)

    @admin.display(description=_("name"))
    def name(self, enquiry: Enquiry) -> str:
        return getattr(enquiry, "opened_name", "") or NOTHING

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        again = EnquiryEvent.objects.filter(enquiry=OuterRef("pk"), kind=EnquiryEvent.Kind.SENT_AGAIN)
        return super().get_queryset(request).real().annotate(is_sent_again=Exists(again))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], search_term: str
    ) -> tuple[QuerySet[Enquiry], bool]:
        return super().get_search_results(request, queryset, references.normalise(search_term))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, {"title": _("Enquiries")} | (extra_context or {}))
        context = getattr(response, "context_data", None) or {}
        if changelist := context.get("cl"):
            changelist.result_list = list(changelist.result_list)
            self._open_names(request, changelist.result_list)
            context["quarantined"] = Enquiry.objects.real().filter(is_quarantined=True).count()
            context["quarantine_query"] = f"{QuarantineFilter.parameter_name}={QuarantineFilter.ONLY}"
        return response

    def _open_names(self, request: HttpRequest, enquiries: list[Enquiry]) -> None:
        """Give the rows of one page, about to be rendered, their names."""
        try:
            names = services.open_names(enquiries=enquiries, actor=request.user)
        except sealing.StaffKeyMissing as error:
            messages.warning(request, str(error))
            return
        for enquiry in enquiries:
            enquiry.opened_name = names.get(enquiry.pk, "")  # type: ignore[attr-defined]
        if not all(names.values()):
            messages.warning(
                request, gettext("Some names cannot be opened: the staff key here is not the one they were sealed to.")
            )
