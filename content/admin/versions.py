"""The versions of a page: the list, any two compared, and one brought back into the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from content import restoring, reviewing
from content.admin.desk import (
    DRAFT,
    desk_path,
    desk_response,
    desk_url,
    document_for,
    name_of,
    page_for,
    require,
    version_for,
)
from content.admin.differences import differences_between
from content.models import ClinicalReview, Page, PageVersion, Publication
from content.publishing import draft_differs_from

PER_PAGE = 25


@dataclass(frozen=True)
class Row:
    """A version and how it stands: when it is scheduled next, and the signature that stands under it, if any."""

    version: PageVersion
    is_live: bool
    was_live: bool
    goes_live_at: datetime | None
    review: ClinicalReview | None


def rows_of(page: Page, versions: list[PageVersion]) -> list[Row]:
    """Four queries, however many versions there are."""
    now = timezone.now()
    live = Publication.objects.live(now).filter(page=page).values_list("version_id", flat=True).first()
    begins: dict[int, list[datetime]] = {version.pk: [] for version in versions}
    publications = Publication.objects.filter(version__in=versions, cancellation__isnull=True)
    for pk, starts_at in publications.order_by("starts_at").values_list("version_id", "starts_at"):
        begins[pk].append(starts_at)
    signed = reviewing.standing_by_digest([version.digest for version in versions], reviewing.today())
    return [
        Row(
            version=version,
            is_live=version.pk == live,
            was_live=version.pk != live and any(at <= now for at in begins[version.pk]),
            goes_live_at=next((at for at in begins[version.pk] if at > now), None),
            review=signed.get(version.digest),
        )
        for version in versions
    ]


class VersionsMixin:
    """For PageAdmin."""

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_path(self, "<int:page_id>/versions/", self.versions_view, "versions"),
            desk_path(self, "<int:page_id>/compare/", self.compare_view, "compare"),
            desk_path(self, "<int:page_id>/versions/<int:number>/restore/", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    def versions_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        listed = page.versions.select_related("created_by").defer("document").order_by("-number")
        shown = Paginator(listed, PER_PAGE).get_page(request.GET.get("p"))
        rows = rows_of(page, list(shown))
        newest = page.versions.order_by("-number").first()
        return desk_response(
            self,
            request,
            "versions",
            page=page,
            title=_("Versions of “%(page)s”") % {"page": page},
            rows=rows,
            shown=shown,
            newest=newest.number if newest and not draft_differs_from(page, newest) else None,
            # What is compared unless another pair is chosen: the draft with what visitors see.
            old=next((row.version.number for row in rows if row.is_live), rows[0].version.number if rows else None),
            may_restore=self.has_change_permission(request, page),
            may_share=request.user.has_perm("content.add_previewlink"),
        )

    def compare_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        try:
            old = version_for(page, request.GET.get("old", ""))
            new = version_for(page, request.GET.get("new", DRAFT))
        except Http404:
            self.message_user(request, _("Choose two versions to compare."), messages.ERROR)
            return HttpResponseRedirect(desk_url("versions", page))
        title = _("%(old)s compared with %(new)s") % {"old": capfirst(name_of(old)), "new": name_of(new)}
        differences = differences_between(document_for(page, old), document_for(page, new))
        return desk_response(
            self, request, "compare", page=page, title=title, old=old, new=new, differences=differences
        )

    def restore_view(self, request: HttpRequest, page_id: int, number: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, "content.change_page")
        version = version_for(page, str(number))
        if request.method == "POST":
            return self._restore(request, page, version)
        newest = page.versions.order_by("-number").first()
        return desk_response(
            self,
            request,
            "restore",
            page=page,
            title=_("Bring back version %(number)s?") % {"number": number},
            version=version,
            is_kept_first=draft_differs_from(page, newest),
        )

    def _restore(self, request: HttpRequest, page: Page, version: PageVersion) -> HttpResponse:
        try:
            restoring.restore(version=version, by=request.user)
        except restoring.RestoreRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(desk_url("versions", page))
        self.log_change(request, page, f"Brought version {version.number} back into the draft.")
        text = _("The draft is version %(number)s again. Visitors see nothing of that until you publish.")
        self.message_user(request, text % {"number": version.number}, messages.SUCCESS)
        return HttpResponseRedirect(desk_url("change", page))
