"""The site's own settings, for processes that are to be killed: with killing.py in them, and a real mail server."""

from __future__ import annotations

from iop_site.settings import *  # noqa: F403
from iop_site.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS += ["tests.faults.apps.FaultsConfig"]
# Without production mode, which would want https, it goes where EMAIL_HOST and EMAIL_PORT say all the same.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# A server that hangs is given up sooner, so that this takes no minute each time.
EMAIL_TIMEOUT = 2
# What pages look like does not matter here, so nothing is collected.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
