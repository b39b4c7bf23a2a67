"""The WSGI application that gunicorn serves. In production it does not start while an unsafe setting stands."""

from __future__ import annotations

import logging
import os

from django.core.wsgi import get_wsgi_application

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


application = get_wsgi_application()
refuse_unsafe_production()
