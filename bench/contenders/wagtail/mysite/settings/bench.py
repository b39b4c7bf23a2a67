"""The settings of the starter project for production, PostgreSQL with persistent connections; CACHED=yes adds Django's
cache of whole pages, in the memory of the process."""

import os
from urllib.parse import urlsplit

from .production import *  # noqa: F403
from .production import MIDDLEWARE

SECRET_KEY = "only-for-measuring-" * 3
ALLOWED_HOSTS = ["127.0.0.1"]
database = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.path.removeprefix("/"),
        "USER": database.username,
        "HOST": database.hostname,
        "PORT": database.port,
        "CONN_MAX_AGE": None,
    }
}
if os.environ.get("CACHED") == "yes":
    MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
