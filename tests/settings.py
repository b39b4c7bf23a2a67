"""The site's settings for tests: its own environment, a throwaway DATA_DIR with keys, and nothing slow."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from iop_site.launch import keys

# What a developer's shell sets for a real site must not change what a test sees.
SITE_VARIABLES = {
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "CLIENT_SECONDS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DATA_DIR",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "ENQUIRIES_AN_HOUR",
    "ENQUIRIES_AN_HOUR_FROM_ONE",
    "ENQUIRY_RECOVERY_PUBLIC_KEY",
    "ENQUIRY_STAFF_KEY",
    "ENQUIRY_STAFF_PUBLIC_KEY",
    "HSTS_PRELOAD",
    "HSTS_SECONDS",
    "HSTS_SUBDOMAINS",
    "HTTPS_ONLY",
    "LEAVE_URL",
    "MAIL_FROM",
    "PAGE_MEMORY_MB",
    "PORT",
    "SECRET_KEY",
    "SECURITY_CONTACT",
    "SITE_LANGUAGES",
    "SITE_MODE",
    "SITE_URL",
    "STAFF_PASSWORD",
    "STAFF_URL",
    "SURFACE",
    "TRUSTED_PROXIES",
    "WEB_PROCESSES",
    "WEB_THREADS",
}


def clean_environment() -> dict[str, str]:
    """This process's environment without anything that the site or make reads, for processes that tests start."""
    unwanted = SITE_VARIABLES | {f"{name}_FILE" for name in SITE_VARIABLES} | {"DJANGO_SETTINGS_MODULE", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


data_dir = Path(tempfile.mkdtemp(prefix="iop-tests-"))
atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
keys.make_secret_key(data_dir)
keys.make_key_pairs(data_dir)
(data_dir / "static").mkdir()

for name in SITE_VARIABLES:
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
os.environ["DATA_DIR"] = str(data_dir)
# Tests send more from one address than a person does.
os.environ["ENQUIRIES_AN_HOUR"] = os.environ["ENQUIRIES_AN_HOUR_FROM_ONE"] = "1000000"
# tests/run.py names a throwaway PostgreSQL server here.
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from iop_site.settings import *  # noqa: E402, F403 -- everything else is as it will run
from iop_site.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file as in real life, so that two threads can meet in it; only the waiting for the disk is left out.
    DATABASES["default"]["TEST"] = {"NAME": str(data_dir / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected before unit tests; the browser tests run against the real files.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
