"""Typed reading of the environment, for settings.py alone.

Imports nothing of Django's but the exception that its settings machinery lets through, and its list of languages.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from iop_site import prepared

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
# RFC 9116, 2.5.3, in one line and without spaces
CONTACT = re.compile(r"(mailto:)?[^\s:@/]+@[^\s:@/]+\.[^\s:@/]+|https://[^\s/]+\S*|tel:\+[\d-]+")
# For connections to PostgreSQL, in seconds, and the last in milliseconds
# (https://www.postgresql.org/docs/current/libpq-connect.html). A server that is away must not hold a visitor for
# minutes; one whose network went without a word is noticed within a minute, also where nobody is waiting for it.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class SettingError(ImproperlyConfigured):
    """A setting that cannot be right; its text is one sentence that says how to mend it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """The first allowed value is the default."""
    value = text(name, allowed[0]) or allowed[0]
    if value not in allowed:
        raise SettingError(f"{name} is {value!r}; it can be {', '.join(allowed)}.")
    return value


def boolean(name: str, default: bool = False) -> bool:
    value = text(name, str(default)).lower()
    if value not in YES | NO:
        raise SettingError(f"{name} is {value!r}; write yes or no.")
    return value in YES


def integer(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name) or str(default)
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise SettingError(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
    return int(value)


def listing(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or default


def languages(name: str, default: list[str], *, first: str) -> list[tuple[str, str]]:
    """(code, English name) of each language in a comma-separated list that begins with `first`."""
    codes = [code.lower() for code in listing(name, default)]
    known = {code: info["name"] for code, info in LANG_INFO.items() if "name" in info}
    if unknown := [code for code in codes if code not in known]:
        raise SettingError(f"{name} names {unknown[0]!r}, which is not the code of a known language, such as es.")
    if codes[0] != first or len(set(codes)) < len(codes):
        raise SettingError(f"{name} is {text(name)!r}; it must begin with {first} and name no language twice.")
    return [(code, known[code]) for code in codes]


def contact(name: str) -> str:
    """An address of mail, as a mailto: URI, or an https: or tel: URI; '' when not set."""
    value = text(name)
    if value and not CONTACT.fullmatch(value):
        raise SettingError(f"{name} is {value!r}; write an e-mail address, or an address that begins with https://.")
    return f"mailto:{value}" if value and ":" not in value else value


def address(name: str, default: str) -> str:
    """A web address."""
    value = text(name) or default
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise SettingError(f"{name} is {value!r}; write a whole address, such as {default}.")
    return value


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).expanduser().resolve()


def secret(name: str, *, default_file: Path | None = None) -> str:
    """The value of NAME, else the content of the file NAME_FILE names, else of `default_file` if it exists, else ''."""
    if value := text(name):
        return value
    named_file = text(f"{name}_FILE")
    path = Path(named_file) if named_file else default_file
    if path is None or (not named_file and not path.exists()):
        return ""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name} cannot be read from {path}: {error}.") from error


def database(name: str, *, default_file: Path) -> dict[str, Any]:
    """Django's DATABASES entry for a URL such as postgres://user:password@host/name, else for SQLite in a file; in the
    folder of that may be a note that the database was prepared (prepared.py)."""
    # The file's name goes through no URL: '#', '?' and '%' mean themselves in it.
    config: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default_file)}
    try:
        if url := text(name):
            config = dj_database_url.parse(url)
    except (ValueError, KeyError) as error:
        raise SettingError(
            f"{name} is not a database address that is understood here; write sqlite:////path/to/file or"
            " postgres://user:password@host:5432/name."
        ) from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {
            # A commit that was acknowledged survives a power cut; writers queue instead of failing.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
        if prepared.is_noted(default_file.parent, config):
            # If somebody moves it away, it is missing, and is not made anew without a word.
            config["OPTIONS"]["database"] = f"{Path(config['NAME']).absolute().as_uri()}?mode=rw"
    elif config["ENGINE"] == "django.db.backends.postgresql":
        # The URL may say otherwise.
        config["OPTIONS"] = POSTGRESQL_OPTIONS | config.get("OPTIONS", {})
    else:
        raise SettingError(f"{name} names a database that is not supported; use SQLite or PostgreSQL.")
    return config | {"CONN_MAX_AGE": None}
