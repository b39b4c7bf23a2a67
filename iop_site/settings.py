"""Every setting of the site, read from the environment in one place. The README's table says the same in prose."""

from __future__ import annotations

from pathlib import Path

from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from iop_site import environment as env
from iop_site import lean

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this process is -------------------------------------------------------------------------------------------

# local: one command, throwaway keys, mail to files. production: `check --deploy` refuses every unsafe setting.
SITE_MODE = env.choice("SITE_MODE", ("local", "production"))
IS_PRODUCTION = SITE_MODE == "production"

# all: one process does both. public: no admin, no session, no private key. staff: the admin alone.
SURFACE = env.choice("SURFACE", ("all", "public", "staff"))
HAS_PUBLIC = SURFACE in {"all", "public"}
HAS_STAFF = SURFACE in {"all", "staff"}

PORT = env.integer("PORT", 8000, low=1, high=65535)
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
DEBUG = False

# --- Secrets and keys -----------------------------------------------------------------------------------------------

# Locally a missing key is made anew for each process, so that commands work before the first `make run`.
SECRET_KEY = env.secret("SECRET_KEY", default_file=DATA_DIR / "secrets" / "secret_key") or (
    "" if IS_PRODUCTION else get_random_secret_key()
)
# age X25519 recipients ("age1…") that every enquiry is sealed to.
ENQUIRY_STAFF_PUBLIC_KEY = env.secret("ENQUIRY_STAFF_PUBLIC_KEY", default_file=DATA_DIR / "keys" / "staff.pub")
ENQUIRY_RECOVERY_PUBLIC_KEY = env.secret("ENQUIRY_RECOVERY_PUBLIC_KEY", default_file=DATA_DIR / "keys" / "recovery.pub")
# The staff identity ("AGE-SECRET-KEY-1…"), and after it those that it replaced, until manage.py rotate_keys has run.
# The public surface never reads them.
ENQUIRY_STAFF_KEY = env.secret("ENQUIRY_STAFF_KEY", default_file=DATA_DIR / "keys" / "staff.key") if HAS_STAFF else ""

# --- Where it answers -----------------------------------------------------------------------------------------------

SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
STAFF_URL = env.text("STAFF_URL", SITE_URL).rstrip("/")
# Whom to tell of a hole in the site, for /.well-known/security.txt
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")
# Where "Leave this page" goes: a page that everybody may be seen with. The site itself asks nothing of it.
LEAVE_URL = env.address("LEAVE_URL", "https://www.weather.gov/")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", [] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", [])
SECURE_SSL_REDIRECT = env.boolean("HTTPS_ONLY", IS_PRODUCTION)
# deploy/gunicorn.conf.py reads it as well: gunicorn would believe the header by itself.
BEHIND_PROXY = env.boolean("BEHIND_PROXY")
# How many proxies of ours stand before this process, each adding an address to X-Forwarded-For, which is believed in
# nothing else.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0, low=0, high=9)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000 if IS_PRODUCTION else 0, low=0, high=63_072_000)
# Off for a domain that has other hosts without https: browsers would not reach those any more.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("HSTS_SUBDOMAINS", SECURE_HSTS_SECONDS > 0)
SECURE_HSTS_PRELOAD = env.boolean("HSTS_PRELOAD", SECURE_HSTS_INCLUDE_SUBDOMAINS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "iop_site",
    "content",
    "admissions",
    "crispy_forms",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "iop_site.security.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "iop_site.language.LanguageMiddleware",
    "iop_site.null_bytes.NullBytesMiddleware",
    "iop_site.health.HealthMiddleware",
    "iop_site.malformed.MalformedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
if HAS_STAFF:
    INSTALLED_APPS += [
        "content_editor",
        "django_prose_editor",
        "django.contrib.admin",
        "django.contrib.sessions",
        "django.contrib.messages",
    ]
    MIDDLEWARE += [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "iop_site.time_zone.StaffTimeZoneMiddleware",
    ]
else:
    lean.leave_out_the_admin()
MIDDLEWARE += [
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "iop_site.urls"
WSGI_APPLICATION = "iop_site.wsgi.application"
WEB_PROCESSES = env.integer("WEB_PROCESSES", 2, low=1, high=64)
WEB_THREADS = env.integer("WEB_THREADS", 8, low=1, high=128)
# For a browser to send the head of a request; for a body and an answer so long above the slowest (buffered_worker.py).
CLIENT_SECONDS = env.integer("CLIENT_SECONDS", 20, low=1, high=600)
# Of each process, for pages that are ready to be sent; as much of the disk, for their last good copies.
PAGE_MEMORY_MB = env.integer("PAGE_MEMORY_MB", 32, low=1, high=65_536)
CSRF_FAILURE_VIEW = "iop_site.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "content.context.site",
                *(
                    [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                    if HAS_STAFF
                    else []
                ),
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("site",)
CRISPY_TEMPLATE_PACK = "site"

# --- Data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", default_file=DATA_DIR / "site.sqlite3")}
# A question before each request whether the connection still lives. The public surface knows it without: its watch
# (content/published/watch.py) loses its own connection to whatever ends the others.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = HAS_STAFF
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A page in the editor posts about ten fields a block.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000 if HAS_STAFF else 200

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "admin:login"

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# The public surface has no admin, so neither its files: surfaces that share DATA_DIR collect each their own.
STATIC_ROOT = DATA_DIR / ("static" if HAS_STAFF else "static-public")
WHITENOISE_ALLOW_ALL_ORIGINS = False
# What browsers ask for at the root without being told: /favicon.ico, /apple-touch-icon.png
WHITENOISE_ROOT = BASE_DIR / "root"
# The pictures of the docs are shown in the admin as well.
STATICFILES_DIRS = [BASE_DIR / "static", *([("docs", BASE_DIR / "docs" / "images")] if HAS_STAFF else [])]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "iop_site.storage.SiteStaticFilesStorage"},
}

# --- Mail -----------------------------------------------------------------------------------------------------------

EMAIL_HOST = env.text("EMAIL_HOST", "" if IS_PRODUCTION else "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 587 if IS_PRODUCTION else 25, low=1, high=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", IS_PRODUCTION)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if IS_PRODUCTION else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "website@example.org")

# --- Abuse ----------------------------------------------------------------------------------------------------------

# The most that are taken in an hour, in all and from one address; long before that they go into quarantine.
ENQUIRIES_AN_HOUR = env.integer("ENQUIRIES_AN_HOUR", 1200, low=10, high=100_000_000)
ENQUIRIES_AN_HOUR_FROM_ONE = env.integer("ENQUIRIES_AN_HOUR_FROM_ONE", 40, low=5, high=100_000_000)

# --- Words and time -------------------------------------------------------------------------------------------------

# The site's first language: its addresses have no prefix, and pages in other languages are translations from it.
LANGUAGE_CODE = "en"
LANGUAGES = [
    (code, _(name)) for code, name in env.languages("SITE_LANGUAGES", default=["en", "es"], first=LANGUAGE_CODE)
]
LOCALE_PATHS = [BASE_DIR / "locale"]
# How a language writes times and numbers, where Django's own way is not that of the United States.
FORMAT_MODULE_PATH = "iop_site.formats"
USE_I18N = True
USE_TZ = True
# Times are kept in UTC and shown in the zone that SiteSettings names.
TIME_ZONE = "UTC"
# Reading time is the words of a page over this many words a minute (Brysbaert 2019 measures 238 for silent reading
# of non-fiction by adults; a tired reader on a phone is given longer).
READING_WORDS_PER_MINUTE = 200

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"nothing_typed": {"()": "iop_site.logs.NothingTyped"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["nothing_typed"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
