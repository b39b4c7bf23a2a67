"""The picture that stands beside a shared link: made once for a name of the program, kept, and served for ever."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from content.context import settings_for
from content.findable.addresses import absolute
from content.models import SiteSettings, SiteText

# Raised by one when the drawing changes, so that its address does.
DRAWING = 1


def share_image_url(site: SiteSettings) -> str:
    return absolute(reverse("share_image", args=[digest_of(site.organisation_name)]))


def digest_of(name: str) -> str:
    return hashlib.sha256(f"{DRAWING} {name}".encode()).hexdigest()


@require_safe
def share_image(request: HttpRequest, digest: str) -> HttpResponse:
    """That of the present name in a language; an earlier one as long as it is kept, because links were shared with
    it."""
    file_name = f"share-{digest}.png"
    if not default_storage.exists(file_name):
        names = [settings_for(request).organisation_name, *SiteText.objects.values_list("organisation_name", flat=True)]
        name = next((name for name in names if digest_of(name) == digest), None)
        if name is None:
            raise Http404
        # Pillow is needed once for each name.
        from content.findable import drawing

        default_storage.save(file_name, ContentFile(drawing.png(drawing.share_image(name))))
    with default_storage.open(file_name) as file:
        response = HttpResponse(file.read(), content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
