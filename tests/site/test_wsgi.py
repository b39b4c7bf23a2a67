"""What gunicorn meets when it loads the site in production."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from tests.launched import ROOT
from tests.settings import clean_environment

STAFF = pyrage.x25519.Identity.generate()
SAFE = {
    "SITE_MODE": "production",
    "SURFACE": "public",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "www.example.com",
    "SITE_URL": "https://www.example.com",
    "SECURITY_CONTACT": "security@example.com",
    "ENQUIRY_STAFF_PUBLIC_KEY": str(STAFF.to_public()),
    "ENQUIRY_RECOVERY_PUBLIC_KEY": str(pyrage.x25519.Identity.generate().to_public()),
}


def load(data_dir: Path, **variables: str) -> tuple[int, str]:
    (data_dir / "static-public").mkdir(parents=True)
    (data_dir / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "import iop_site.wsgi; print('loaded')"],
        cwd=ROOT,
        env=clean_environment() | SAFE | {"DATA_DIR": str(data_dir)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def test_safe_settings_are_served(tmp_path: Path) -> None:
    assert load(tmp_path / "data") == (0, "loaded\n")


@pytest.mark.parametrize(
    ("variables", "ids"),
    [
        ({"SECRET_KEY": ""}, ["E002"]),
        ({"ALLOWED_HOSTS": "", "HTTPS_ONLY": "no", "HSTS_SECONDS": "0"}, ["E003", "E006", "E007"]),
        ({"ENQUIRY_RECOVERY_PUBLIC_KEY": ""}, ["E009"]),
    ],
)
def test_unsafe_settings_end_it_with_one_line_each(tmp_path: Path, variables: dict[str, str], ids: list[str]) -> None:
    code, output = load(tmp_path / "data", **variables)
    assert code == 3
    lines = output.splitlines()
    assert [line.partition("iop_site: iop_site.")[2][:4] for line in lines] == ids


@pytest.mark.parametrize("surface", ["public", "staff"])
def test_safe_settings_pass_the_whole_check(tmp_path: Path, surface: str) -> None:
    """Django's own rules too, without one of them silenced. No database is asked."""
    variables = {"SURFACE": surface, "DATABASE_URL": "postgres://someone:secret@127.0.0.1:1/site"}
    if surface == "staff":
        variables |= {"STAFF_URL": "https://staff.example.com", "ENQUIRY_STAFF_KEY": str(STAFF)}
        variables |= {"EMAIL_HOST": "mail.example.com", "MAIL_FROM": "website@example.com"}
    environment = clean_environment() | SAFE | {"DATA_DIR": str(tmp_path)} | variables
    # Playwright needs it, and this process may have it for that.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, (31_536_000, True, True)),
        ({"HSTS_PRELOAD": "no"}, (31_536_000, True, False)),
        ({"HSTS_SUBDOMAINS": "no"}, (31_536_000, False, False)),
        ({"SITE_MODE": "local"}, (0, False, False)),
    ],
)
def test_what_browsers_are_told_to_insist_on(
    tmp_path: Path, variables: dict[str, str], expected: tuple[int, bool, bool]
) -> None:
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    shown = f"from iop_site import settings; print(tuple(getattr(settings, name) for name in {names}))"
    done = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=ROOT,
        env=clean_environment() | SAFE | {"DATA_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(expected), done.stderr


def test_a_warning_alone_does_not_end_it(tmp_path: Path) -> None:
    """W003: the surfaces share a SQLite file."""
    code, _ = load(tmp_path / "data", DATABASE_URL=f"sqlite:///{tmp_path / 'shared.sqlite3'}")
    assert code == 0


def test_the_local_mode_is_not_asked(tmp_path: Path) -> None:
    assert load(tmp_path / "data", SITE_MODE="local", ALLOWED_HOSTS="*") == (0, "loaded\n")
