"""/site.webmanifest: the name and the icons with which a telephone keeps the site on its home screen.

https://www.w3.org/TR/appmanifest/
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from content.context import settings_for
from content.findable.colors import EVERGREEN, PAPER
from iop_site.security import public_page


@public_page
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    # In the browser and not as an app: whoever reads it keeps the address bar, and the way to leave.
    data = {
        "name": settings_for(request).organisation_name,
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "display": "browser",
        "theme_color": EVERGREEN,
        "background_color": PAPER,
        "icons": [
            {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for purpose in ("any", "maskable")
            for size in (192, 512)
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")
