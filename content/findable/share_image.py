"""The picture that stands beside a shared link: made once for a name of the program, kept, and served for ever."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from content.context import settings_for
from content.findable import drawing
from content.findable.addresses import absolute
from content.models import SiteSettings

# Raised by one when the drawing changes, so that its address does.
DRAWING = 1


def share_image_url(site: SiteSettings) -> str:
    return absolute(reverse("share_image", args=[digest_of(site)]))


def digest_of(site: SiteSettings) -> str:
    return hashlib.sha256(f"{DRAWING} {site.organisation_name}".encode()).hexdigest()


@require_safe
def share_image(request: HttpRequest, digest: str) -> HttpResponse:
    """That of the present name; an earlier one as long as it is kept, because links were shared with it."""
    name = f"share-{digest}.png"
    if not default_storage.exists(name):
        site = settings_for(request)
        if digest != digest_of(site):
            raise Http404
        image = drawing.png(drawing.share_image(site.organisation_name))
        default_storage.save(name, ContentFile(image))
    with default_storage.open(name) as file:
        response = HttpResponse(file.read(), content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
