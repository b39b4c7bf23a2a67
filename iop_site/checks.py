"""`manage.py check --deploy`: what production refuses. One row a rule: what is wrong, and how to mend it."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 -- Django's own name
from django.core.exceptions import ImproperlyConfigured

from iop_site import environment as env
from iop_site.health import is_recipient, staff_key
from iop_site.launch.keys import is_key_of

SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 10
LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1"}


class Rule(NamedTuple):
    id: str
    is_broken: Callable[[], bool]
    problem: str
    remedy: str
    level: type[CheckMessage] = Error


# --- What is looked at ----------------------------------------------------------------------------------------------


def is_public_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "") not in LOCAL_HOSTS


def is_secret_weak() -> bool:
    try:
        key = settings.SECRET_KEY
        return len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_CHARACTERS
    except ImproperlyConfigured:
        # Django refuses to hand out an empty one.
        return True


def trusts_unsafe_origins() -> bool:
    return any(not origin.startswith("https://") or "*" in origin for origin in settings.CSRF_TRUSTED_ORIGINS)


def key_file(name: str) -> Path:
    return settings.DATA_DIR / "keys" / name


def has_staff_key() -> bool:
    return bool(env.secret("ENQUIRY_STAFF_KEY", default_file=key_file("staff.key")))


def has_former_recovery_key() -> bool:
    path = key_file("recovery.key")
    return path.exists() and not is_key_of(path, settings.ENQUIRY_RECOVERY_PUBLIC_KEY)


def others_can_read_secrets() -> bool:
    """Secrets in DATA_DIR; a file that NAME_FILE names is the affair of whoever put it there."""
    files = [*key_file("").glob("*.key"), *(settings.DATA_DIR / "secrets").glob("*")]
    return any(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in files)


def static_folders() -> list[Path]:
    """STATICFILES_DIRS without the prefixes that some have."""
    return [Path(entry[1] if isinstance(entry, tuple) else entry) for entry in settings.STATICFILES_DIRS]


def data_is_published() -> bool:
    published = [*static_folders(), Path(settings.STATIC_ROOT), Path(settings.MEDIA_ROOT)]
    return any(settings.DATA_DIR.is_relative_to(folder) for folder in published)


def sends_mail_in_clear() -> bool:
    return not settings.EMAIL_USE_TLS and settings.EMAIL_HOST not in LOCAL_HOSTS


def uses_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


# --- The rules ------------------------------------------------------------------------------------------------------

RULES = (
    Rule(
        "E001",
        lambda: settings.DEBUG,
        "DEBUG shows the inside of the site to anybody.",
        "Leave DEBUG off: settings.py never turns it on.",
    ),
    Rule(
        "E002",
        is_secret_weak,
        "SECRET_KEY is missing, shorter than 50 characters, or made of fewer than 10 different ones.",
        "Write what `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` prints to a file that only this"
        " user can read, and name it in SECRET_KEY_FILE.",
    ),
    Rule(
        "E003",
        lambda: not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
        "ALLOWED_HOSTS is empty or allows every host name.",
        "List the site's host names, such as ALLOWED_HOSTS=www.example.com.",
    ),
    Rule(
        "E004",
        lambda: settings.HAS_PUBLIC and not is_public_address(settings.SITE_URL),
        "SITE_URL is not the https address that visitors use.",
        "Set it, such as SITE_URL=https://www.example.com.",
    ),
    Rule(
        "E005",
        lambda: settings.HAS_STAFF and not is_public_address(settings.STAFF_URL),
        "STAFF_URL is not the https address that staff use.",
        "Set it, such as STAFF_URL=https://staff.example.com; without it SITE_URL counts.",
    ),
    Rule(
        "E006",
        lambda: not settings.SECURE_SSL_REDIRECT,
        "HTTPS_ONLY is off: enquiries and passwords could travel in clear.",
        "Set HTTPS_ONLY=yes, or leave it out.",
    ),
    Rule(
        "E007",
        lambda: settings.SECURE_HSTS_SECONDS == 0,
        "HSTS_SECONDS is 0: browsers do not learn to insist on https.",
        "Set HSTS_SECONDS=31536000, or leave it out; begin with 3600 if https is new here.",
    ),
    Rule(
        "E008",
        lambda: not is_recipient(settings.ENQUIRY_STAFF_PUBLIC_KEY),
        "The staff public key is missing or is not an age key.",
        "Run manage.py new_keys on the staff surface, and set ENQUIRY_STAFF_PUBLIC_KEY to what it prints.",
    ),
    Rule(
        "E009",
        lambda: not is_recipient(settings.ENQUIRY_RECOVERY_PUBLIC_KEY),
        "The recovery public key is missing or is not an age key.",
        "Run manage.py new_keys on the staff surface, and set ENQUIRY_RECOVERY_PUBLIC_KEY to what it prints.",
    ),
    Rule(
        "E010",
        lambda: (
            bool(settings.ENQUIRY_STAFF_PUBLIC_KEY)
            and settings.ENQUIRY_STAFF_PUBLIC_KEY == settings.ENQUIRY_RECOVERY_PUBLIC_KEY
        ),
        "The staff and the recovery public key are the same: who loses one loses both.",
        "Run manage.py new_keys, and keep the recovery key that it shows offline.",
    ),
    Rule(
        "E011",
        lambda: not settings.HAS_STAFF and has_staff_key(),
        "The private staff key lies within reach of the public surface.",
        "Take staff.key out of this DATA_DIR, and unset ENQUIRY_STAFF_KEY and ENQUIRY_STAFF_KEY_FILE here.",
    ),
    Rule(
        "E012",
        lambda: key_file("recovery.key").exists() and not has_former_recovery_key(),
        "The private recovery key lies on this machine.",
        "Move DATA_DIR/keys/recovery.key offline and try it with manage.py recovery_drill, or make another: new_keys.",
    ),
    Rule(
        "E013",
        lambda: bool(settings.ENQUIRY_STAFF_KEY) and staff_key() == "wrong",
        "No private staff key belongs to the staff public key: enquiries could not be opened.",
        "Set ENQUIRY_STAFF_PUBLIC_KEY to the public half of the first key in ENQUIRY_STAFF_KEY.",
    ),
    Rule(
        "E014",
        others_can_read_secrets,
        "Other users of this machine can read keys or secrets.",
        "Run chmod 700 on DATA_DIR/keys and DATA_DIR/secrets, and chmod 600 on the files in them.",
    ),
    Rule(
        "E015",
        data_is_published,
        "DATA_DIR lies inside a folder whose files are given to anybody.",
        "Move DATA_DIR out of the folders for static files and media.",
    ),
    Rule(
        "E016",
        lambda: settings.HAS_STAFF and not settings.EMAIL_HOST,
        "EMAIL_HOST is not set: staff would not hear of enquiries.",
        "Set it to your mail server; localhost if this machine delivers mail itself.",
    ),
    Rule(
        "E017",
        lambda: settings.HAS_STAFF and settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("example.org"),
        "MAIL_FROM is not set: mail would come from example.org and be thrown away.",
        "Set it to an address of yours, such as MAIL_FROM=website@example.com.",
    ),
    Rule(
        "E018",
        sends_mail_in_clear,
        "EMAIL_USE_TLS is off: mail and its password would travel in clear.",
        "Set EMAIL_USE_TLS=yes, or leave it out.",
    ),
    Rule(
        "E019",
        trusts_unsafe_origins,
        "CSRF_TRUSTED_ORIGINS lists an origin without https or with a wildcard.",
        "List whole origins, such as CSRF_TRUSTED_ORIGINS=https://www.example.com, or leave it out.",
    ),
    Rule(
        "W001",
        lambda: settings.HAS_STAFF and not settings.ENQUIRY_STAFF_KEY,
        "The private staff key is not here: staff see when enquiries came, but cannot open them.",
        "Set ENQUIRY_STAFF_KEY_FILE on the staff surface.",
        Warning,
    ),
    Rule(
        "W002",
        lambda: settings.SURFACE == "all",
        "One process serves visitors and holds the key to their enquiries.",
        "Run two, with SURFACE=public and SURFACE=staff, and give the key to the second alone.",
        Warning,
    ),
    Rule(
        "W003",
        lambda: settings.SURFACE != "all" and uses_sqlite(),
        "The surfaces are split, but share one SQLite file, so one machine and one user.",
        "Set DATABASE_URL to a PostgreSQL database.",
        Warning,
    ),
    Rule(
        "W004",
        lambda: settings.HAS_PUBLIC and not settings.SECURITY_CONTACT,
        "Nobody is named whom to tell of a hole in the site: /.well-known/security.txt is not there.",
        "Set SECURITY_CONTACT to an e-mail address that somebody reads, such as SECURITY_CONTACT=security@example.com.",
        Warning,
    ),
    Rule(
        "W005",
        lambda: settings.HAS_PUBLIC and settings.BEHIND_PROXY and not settings.TRUSTED_PROXIES,
        "All visitors seem to come from the proxy, so a few messages in an hour go into quarantine.",
        "Set TRUSTED_PROXIES to the number of your proxies that add an address to X-Forwarded-For, mostly 1.",
        Warning,
    ),
    Rule(
        "W006",
        has_former_recovery_key,
        "A former private recovery key lies on this machine.",
        "Run manage.py rotate_keys, which says when it is no longer needed, and take it away then.",
        Warning,
    ),
)


def findings() -> list[CheckMessage]:
    return [rule.level(rule.problem, hint=rule.remedy, id=f"iop_site.{rule.id}") for rule in RULES if rule.is_broken()]


def refusals() -> list[CheckMessage]:
    """The errors alone: production does not start while one stands."""
    return [finding for finding in findings() if finding.is_serious()]


@register(Tags.security, deploy=True)
def check_production(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.IS_PRODUCTION:
        local = "SITE_MODE is local: throwaway keys, and mail to files."
        return [Error(local, hint="Set SITE_MODE=production to check what will run.", id="iop_site.E000")]
    return findings()
