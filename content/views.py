"""Public pages: fetch, decide, render."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content import published
from content.context import pages_for
from content.models import HOME_SLUG, MovedAddress
from content.models.page import path_of

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
    guide = published.guide_of(pages)
    position = guide.index(page) if page in guide else None
    context = {
        "page": page,
        "description": document["description"] or document["summary"],
        "rendered": published.render(document, pages),
        "ends_with_action": document["blocks"][-1]["type"] == "call_to_action",
        "related": [other for other in pages if other.uid in document["related"]],
        "guide": guide,
        "previous": guide[position - 1] if position else None,
        "next": guide[position + 1] if position is not None and position + 1 < len(guide) else None,
        "chapters": [other for other in guide if other.slug != HOME_SLUG],
        "canonical_url": request.build_absolute_uri(page.path),
    }
    return render(request, "content/home.html" if slug == HOME_SLUG else "content/page_detail.html", context)


def _moved(slug: str, pages: list[published.LivePage]) -> HttpResponse:
    """To wherever the page that once was live at this address is live now."""
    moved = MovedAddress.objects.filter(language=published.language(), slug=slug).values_list("page__uid", flat=True)
    uid = next((str(uid) for uid in moved), None)
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
    chapters = [
        {"page": page, "rendered": published.render(document, pages, id_prefix=f"{page.slug}-", heading_shift=1)}
        for page, document in zip(guide, published.documents_of(guide), strict=True)
    ]
    context = {"chapters": chapters, "home_path": path_of(HOME_SLUG)}
    return render(request, "content/guide_print.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture for ever: its name is the hash of its content."""
    if not PICTURE_NAME.fullmatch(name) or not default_storage.exists(name):
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    content_type = f"image/{name.rpartition('.')[2]}"
    return FileResponse(default_storage.open(name), content_type=content_type, headers=headers)
