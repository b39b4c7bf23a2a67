"""The WSGI application that gunicorn serves. In production it does not start while an unsafe setting stands."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from content.published.answers import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")

# The exit code at which gunicorn gives up instead of trying for ever.
CANNOT_BOOT = 3


def refuse_unsafe_production() -> None:
    from django.conf import settings

    from iop_site import checks

    refusals = checks.refusals() if settings.IS_PRODUCTION else []
    for refusal in refusals:
        logging.getLogger("iop_site").critical("%s: %s %s", refusal.id, refusal.msg, refusal.hint)
    if refusals:
        raise SystemExit(CANNOT_BOOT)


def application_of(django: WSGIHandler) -> Application:
    """With what is live kept in front of Django, where this process has visitors."""
    from django.conf import settings

    if not settings.HAS_PUBLIC:
        return django
    from content.published.copies import Copies
    from content.published.layer import PublishedLayer
    from iop_site import patience

    patience.install()
    if not settings.HAS_STAFF:
        from admissions import draining

        # Where visitors are served apart from staff there is no worker beside the spool.
        draining.begin()
    most_bytes = settings.PAGE_MEMORY_MB * 1024 * 1024
    copies = Copies(settings.DATA_DIR / "published", most_bytes)
    return PublishedLayer(django, most_bytes=most_bytes, copies=copies, believes_proxy=settings.BEHIND_PROXY)


application = application_of(get_wsgi_application())
refuse_unsafe_production()
