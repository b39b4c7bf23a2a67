"""Public pages: fetch, decide, render."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content import history, previews, printing, published, reading, structured_data
from content.context import addresses_for, hours_for, pages_for, settings_for
from content.documents import UnknownSchema
from content.drawing.shown import WeekChoice
from content.findable.addresses import absolute
from content.models import HOME_SLUG, PreviewLink
from content.models.page import path_of
from iop_site.errors import error_page
from iop_site.security import kept_private, public_page

logger = logging.getLogger(__name__)
CHANGES_SHOWN = 25
PICTURE_NAME = re.compile(r"[0-9a-f]{64}-\d{1,4}\.(avif|webp)")


def _readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that this release cannot read, as after going back to an older one, is asked for again later."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **kwargs: str) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except UnknownSchema:
            logger.error("A live page was written by a later release of this software. Update the site to show it.")
            return error_page(request, 503)

    return answer


@public_page
@require_safe
@_readable
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    pages = pages_for(request)
    page = next((page for page in pages if page.slug == slug), None)
    if page is None:
        return _moved(slug, pages)
    if request.path != page.path:
        return HttpResponsePermanentRedirect(page.path)
    document = published.document_of(page)
    site = settings_for(request)
    review = published.review_of(page, timezone.localdate(timezone=site.zone))
    week = WeekChoice(days=_days(request.GET.get("days", "")), path=page.path)
    context = reading.context_of(page, document, pages, review=review, week=week)
    context["canonical_url"] = absolute(page.path)
    context["structured_data"] = structured_data.of_page(
        page, document, site=site, hours=hours_for(request), review=review, description=context["description"]
    )
    response = render(request, reading.template_of(page), context)
    return kept_private(response) if document["can_leave_quickly"] else response


def _days(value: str) -> int | None:
    """How many days a reader wants to see a week with; None where the address says nothing that can be meant."""
    return int(value) if re.fullmatch("[1-7]", value) else None


def _moved(slug: str, pages: list[published.LivePage]) -> HttpResponse:
    """To wherever the page that was live at this address last is live now."""
    uid = published.uid_last_at(slug, published.language())
    for page in pages:
        if page.uid == uid:
            return HttpResponsePermanentRedirect(page.path)
    raise Http404


@public_page
@require_safe
@_readable
def page_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text of a live page that visitors could read."""
    pages = pages_for(request)
    page = next((page for page in pages if page.slug == slug), None)
    if page is None:
        raise Http404
    shown = Paginator(history.changes_of(page.uid), CHANGES_SHOWN).get_page(request.GET.get("page"))
    is_private = published.document_of(page)["can_leave_quickly"]
    context = {
        "page": page,
        "shown": shown,
        "changes": history.read(shown.object_list),
        "can_leave_quickly": is_private,
    }
    response = render(request, "content/page_changes.html", context)
    return kept_private(response) if is_private else response


@public_page
@require_safe
@_readable
def guide_print(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page; with `?pages=…` a handout of those pages, or the form to choose them."""
    pages = pages_for(request)
    if not pages:
        raise Http404
    handout = printing.handout_of(request.GET, pages, addresses_for(request))
    if handout and not handout.pages:
        return render(request, "content/guide_print_choice.html", {"left_out": handout.left_out})
    shown = handout.pages if handout else published.guide_of(pages)
    if not shown:
        raise Http404
    reviews = published.reviews_of(shown, timezone.localdate(timezone=settings_for(request).zone))
    documents = published.documents_of(shown)
    # What one page of them needs, all need that are read together with it.
    is_private = any(document["can_leave_quickly"] for document in documents)
    chapters = [
        {
            "page": page,
            "address": absolute(page.path),
            "rendered": published.render(document, pages, id_prefix=f"{page.slug}-", heading_shift=1),
            "review": review,
        }
        for page, document, review in zip(shown, documents, reviews, strict=True)
    ]
    context = {
        "chapters": chapters,
        "handout": handout,
        "qr": printing.qr_code(absolute(printing.path_of(handout, request.path))),
        "home_path": path_of(HOME_SLUG, published.language()),
        "can_leave_quickly": is_private,
    }
    response = render(request, "content/guide_print.html", context)
    return kept_private(response) if is_private else response


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """A version that staff shared by a link: for somebody without an account, until it expires or is revoked."""
    found = PreviewLink.objects.open().by_token(token).filter(version__page__deleted_at__isnull=True)
    link = found.select_related("version").first()
    try:
        return previews.shared_response(request, link) if link else previews.unkept(_no_preview(request))
    except UnknownSchema:
        logger.error("A shared version was written by a later release of this software. Update the site to show it.")
        return previews.unkept(_no_preview(request))


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
