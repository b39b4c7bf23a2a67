"""The map of the site. What a surface does not serve is not routed at all."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from iop_site import health

# Machines ask whether this process is well
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

# Staff
if settings.HAS_STAFF:
    from django.contrib import admin

    urlpatterns += [path("admin/", admin.site.urls)]

# Visitors
if settings.HAS_PUBLIC:
    urlpatterns += [
        path("admissions/", include("admissions.urls")),
        path("", include("content.urls")),
    ]

handler400 = "iop_site.errors.bad_request"
handler403 = "iop_site.errors.permission_denied"
handler404 = "iop_site.errors.not_found"
handler500 = "iop_site.errors.server_error"
