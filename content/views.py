"""Public pages: fetch, decide, render."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content import previews, published, reading, structured_data
from content.context import pages_for, settings_for
from content.models import HOME_SLUG, MovedAddress, PreviewLink
from content.models.page import path_of
from iop_site.errors import error_page

PICTURE_NAME = re.compile(r"[0-9a-f]{64}-\d{1,4}\.(avif|webp)")


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    pages = pages_for(request)
    page = next((page for page in pages if page.slug == slug), None)
    if page is None:
        return _moved(slug, pages)
    if request.path != page.path:
        return HttpResponsePermanentRedirect(page.path)
    document = published.document_of(page)
    site = settings_for(request)
    [review] = published.reviews_of([page], timezone.localdate(timezone=site.zone))
    context = reading.context_of(page, document, pages, review=review)
    context["canonical_url"] = request.build_absolute_uri(page.path)
    context["structured_data"] = structured_data.of_page(
        page, site=site, review=review, description=context["description"], url=context["canonical_url"]
    )
    return render(request, reading.template_of(page), context)


def _moved(slug: str, pages: list[published.LivePage]) -> HttpResponse:
    """To wherever the page that once was live at this address is live now."""
    # An address is known to be left before the moment comes, when a change of it is scheduled.
    moved = MovedAddress.objects.filter(language=published.language(), slug=slug, moved_at__lte=timezone.now())
    uid = next((str(uid) for uid in moved.values_list("page__uid", flat=True)), None)
    for page in pages:
        if page.uid == uid:
            return HttpResponsePermanentRedirect(page.path)
    raise Http404


@require_safe
def guide_print(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page."""
    pages = pages_for(request)
    guide = published.guide_of(pages)
    if not guide:
        raise Http404
    reviews = published.reviews_of(guide, timezone.localdate(timezone=settings_for(request).zone))
    chapters = [
        {
            "page": page,
            "rendered": published.render(document, pages, id_prefix=f"{page.slug}-", heading_shift=1),
            "review": review,
        }
        for page, document, review in zip(guide, published.documents_of(guide), reviews, strict=True)
    ]
    context = {"chapters": chapters, "home_path": path_of(HOME_SLUG, published.language())}
    return render(request, "content/guide_print.html", context)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A version that staff shared by a link: for somebody without an account, until it expires or is revoked."""
    found = PreviewLink.objects.open().by_token(token).filter(version__page__deleted_at__isnull=True)
    link = found.select_related("version").first()
    return previews.shared_response(request, link) if link else previews.unkept(_no_preview(request))


def _no_preview(request: HttpRequest) -> HttpResponse:
    """The same for a link that expired, was revoked or never was."""
    return error_page(
        request,
        404,
        title=_("This preview is not open"),
        text=_("A link to a preview works for 7 days at most. Ask the person who sent it to you for a new one."),
    )


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture for ever: its name is the hash of its content."""
    if not PICTURE_NAME.fullmatch(name) or not default_storage.exists(name):
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    content_type = f"image/{name.rpartition('.')[2]}"
    return FileResponse(default_storage.open(name), content_type=content_type, headers=headers)
