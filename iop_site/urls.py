"""The map of the site. What a surface does not serve is not routed at all."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from content.findable.manifest import manifest
from content.findable.robots import robots, security_txt
from content.findable.share_image import share_image
from content.findable.sitemap import sitemap, sitemap_part
from content.views import picture, preview

# /healthz and /readyz are answered earlier: iop_site/health.py
urlpatterns: list[URLPattern | URLResolver] = []

# Staff
if settings.HAS_STAFF:
    from django.contrib import admin

    from content.help import help_page

    urlpatterns += [
        path("admin/help/<slug:name>/", admin.site.admin_view(help_page), name="help"),
        path("admin/", admin.site.urls),
    ]

# Staff who are served apart from visitors: the way in
if settings.HAS_STAFF and not settings.HAS_PUBLIC:
    from django.views.generic import RedirectView

    # "View site" leads to where visitors are.
    admin.site.site_url = f"{settings.SITE_URL}/"
    urlpatterns += [path("", RedirectView.as_view(pattern_name="admin:index"))]

# The pictures that visitors see, and that staff choose, compare and preview
urlpatterns += [path("media/<str:name>", picture, name="picture")]

# What crawlers ask for first, on either surface; icons that browsers ask for unasked are files in root/
urlpatterns += [path("robots.txt", robots, name="robots")]

# Visitors: what has one address in all languages, then what each language has of its own
if settings.HAS_PUBLIC:
    urlpatterns += [
        path("preview/<str:token>/", preview, name="preview"),
        path("sitemap.xml", sitemap, name="sitemap"),
        path("sitemap-<int:number>.xml", sitemap_part, name="sitemap_part"),
        path("site.webmanifest", manifest, name="manifest"),
        path("share/<str:digest>.png", share_image, name="share_image"),
        path(".well-known/security.txt", security_txt, name="security_txt"),
        *i18n_patterns(
            path("admissions/", include("admissions.urls")),
            path("", include("content.urls")),
            prefix_default_language=False,
        ),
    ]

handler400 = "iop_site.errors.bad_request"
handler403 = "iop_site.errors.permission_denied"
handler404 = "iop_site.errors.not_found"
handler500 = "iop_site.errors.server_error"
