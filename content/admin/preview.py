"""Looking at a page before it is live: in a frame of a phone's or a desktop's width, and by a link for others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import previews, publishing
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
from content.admin.publish_form import OneLineField
from content.models import Page, PageVersion, PreviewLink, Publication
from content.models.desk import PREVIEW_DAYS
from iop_site import csp

PER_PAGE = 25
WIDTHS = ("desktop", "phone")


def drafts() -> list[previews.Draft]:
    """Every page that is not live, with the address of its preview; one query."""
    live = Publication.objects.live().values("page")
    pages = Page.objects.kept().exclude(pk__in=live).in_guide_order()
    return [
        previews.Draft(
            version_id=0,
            digest="",
            live_since=page.updated_at,
            changed_at=page.updated_at,
            language=page.language,
            slug=page.slug,
            page_id=page.pk,
            ends_at=None,
            uid=str(page.uid),
            title=page.title,
            nav_title=page.nav_title,
            summary=page.summary,
            section=page.section,
            order=page.order,
            address=desk_url("preview", page),
        )
        for page in pages
    ]


class ShareForm(forms.Form):
    made_for = OneLineField(
        label=gettext_lazy("For whom?"),
        max_length=PreviewLink._meta.get_field("made_for").max_length,
        help_text=gettext_lazy("A name, so that you know later whose link it is. It is not shown to them."),
    )
    change_note = OneLineField(
        label=gettext_lazy("What changed?"),
        max_length=PageVersion._meta.get_field("change_note").max_length,
        required=False,
        help_text=gettext_lazy(
            "The draft is kept as a version for this. If it is published as it is, readers see this line in the"
            " page’s history."
        ),
    )

    def __init__(self, data: Any = None, *, is_kept: bool) -> None:
        """`is_kept`: what is shared is a version already, so that its note stands."""
        super().__init__(data, label_suffix="")
        if is_kept:
            del self.fields["change_note"]


class PreviewMixin:
    """For PageAdmin."""

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_path(self, "<int:page_id>/preview/", self.preview_view, "preview"),
            desk_path(self, "<int:page_id>/preview/frame/", self.preview_frame_view, "preview_frame"),
            desk_path(self, "<int:page_id>/share/", self.share_view, "share"),
            desk_path(self, "<int:page_id>/share/<int:link_id>/revoke/", self.revoke_view, "revoke"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """The preview within a frame, with links that make it as wide as a phone or a desktop."""
        page = page_for(self, request, page_id)
        wanted = request.GET.get("version", DRAFT)
        version = version_for(page, wanted)
        width = request.GET.get("width", WIDTHS[0])
        response = desk_response(
            self,
            request,
            "preview",
            page=page,
            title=_("Preview of %(name)s: %(page)s") % {"name": name_of(version), "page": page},
            version=version,
            wanted=wanted,
            width=width if width in WIDTHS else WIDTHS[0],
            may_share=request.user.has_perm("content.add_previewlink"),
        )
        response.headers["Content-Security-Policy"] = csp.header(csp.STAFF | {"frame-src": csp.SELF})
        return response

    def preview_frame_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """The page itself, as visitors would see it."""
        page = page_for(self, request, page_id)
        version = version_for(page, request.GET.get("version", DRAFT))
        live = Publication.objects.live().filter(page=page).values_list("version__number", flat=True).first()
        banner = previews.Banner(number=version.number if version else None, live_number=live)
        response = previews.staff_response(request, document_for(page, version), banner, drafts())
        response.headers["Content-Security-Policy"] = csp.header(csp.STAFF | {"frame-ancestors": csp.SELF})
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    # --- Links for people without an account -------------------------------------------------------------------------

    def share_view(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, "content.add_previewlink")
        version = version_for(page, request.GET.get("version", DRAFT))
        newest = page.versions.order_by("-number").first()
        is_kept = version is not None or not publishing.draft_differs_from(page, newest)
        form = ShareForm(request.POST if request.method == "POST" else None, is_kept=is_kept)
        address = ""
        if request.method == "POST" and form.is_valid():
            link, address = previews.make_link(page=page, by=request.user, version=version, **form.cleaned_data)
            self.log_change(request, page, f"Made a preview link to version {link.version.number}.")
            version, form = link.version, ShareForm(is_kept=True)
        return self._share_response(request, page, version, form, address)

    def _share_response(
        self, request: HttpRequest, page: Page, version: PageVersion | None, form: ShareForm, address: str
    ) -> HttpResponse:
        """`address`: of the link that was just made, shown this once."""
        links = PreviewLink.objects.filter(version__page=page).select_related("version", "made_by")
        shown = Paginator(links.defer("version__document"), PER_PAGE).get_page(request.GET.get("p"))
        response = desk_response(
            self,
            request,
            "share",
            page=page,
            title=_("Share %(name)s of “%(page)s”") % {"name": name_of(version), "page": page},
            version=version,
            form=form,
            address=address,
            shown=shown,
            days=PREVIEW_DAYS,
            may_revoke=request.user.has_perm("content.change_previewlink"),
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def revoke_view(self, request: HttpRequest, page_id: int, link_id: int) -> HttpResponse:
        page = page_for(self, request, page_id)
        require(request, "content.change_previewlink")
        link = PreviewLink.objects.filter(version__page=page, pk=link_id).select_related("version").first()
        if link is None:
            raise Http404
        if request.method == "POST":
            link.revoke()
            self.log_change(request, page, f"Revoked a preview link to version {link.version.number}.")
            self.message_user(request, _("The link does not work any more."))
            return HttpResponseRedirect(desk_url("share", page))
        return desk_response(self, request, "revoke", page=page, title=_("Revoke this link?"), link=link)
