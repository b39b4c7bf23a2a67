"""Each rule of production, broken alone in settings that are otherwise safe."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from iop_site import checks

STAFF = pyrage.x25519.Identity.generate()
RECOVERY = pyrage.x25519.Identity.generate()
OTHER = pyrage.x25519.Identity.generate()

SAFE = {
    "IS_PRODUCTION": True,
    "SURFACE": "staff",
    "HAS_PUBLIC": False,
    "HAS_STAFF": True,
    "DEBUG": False,
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": ["www.example.com"],
    "SITE_URL": "https://www.example.com",
    "STAFF_URL": "https://staff.example.com",
    "CSRF_TRUSTED_ORIGINS": ["https://www.example.com"],
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "ENQUIRY_STAFF_PUBLIC_KEY": str(STAFF.to_public()),
    "ENQUIRY_RECOVERY_PUBLIC_KEY": str(RECOVERY.to_public()),
    "ENQUIRY_STAFF_KEY": str(STAFF),
    "EMAIL_HOST": "mail.example.com",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "website@example.com",
    "SECURITY_CONTACT": "mailto:security@example.com",
    "BEHIND_PROXY": True,
    "TRUSTED_PROXIES": 1,
}
PUBLIC = {"SURFACE": "public", "HAS_PUBLIC": True, "HAS_STAFF": False, "ENQUIRY_STAFF_KEY": ""}


@pytest.fixture
def production(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`production(**changes)`: the ids found in safe settings with `changes`, without their prefix."""
    monkeypatch.setattr(checks, "uses_sqlite", lambda: False)
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT, settings.MEDIA_ROOT = settings.DATA_DIR / "static", settings.DATA_DIR / "media"
    (settings.DATA_DIR / "keys").mkdir(parents=True)
    (settings.DATA_DIR / "secrets").mkdir()

    def find(**changes: Any) -> list[str]:
        for name, value in (SAFE | changes).items():
            setattr(settings, name, value)
        return [finding.id.removeprefix("iop_site.") for finding in checks.findings()]

    return find


def test_safe_settings_pass_on_each_surface(production: Callable[..., list[str]]) -> None:
    assert production() == []
    assert production(**PUBLIC) == []


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("E001", {"DEBUG": True}),
        ("E002", {"SECRET_KEY": ""}),
        ("E002", {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLM"}),
        ("E002", {"SECRET_KEY": "abcdefghi" * 8}),
        ("E003", {"ALLOWED_HOSTS": []}),
        ("E003", {"ALLOWED_HOSTS": ["www.example.com", "*"]}),
        ("E004", PUBLIC | {"SITE_URL": "http://www.example.com"}),
        ("E004", PUBLIC | {"SITE_URL": "https://127.0.0.1:8000"}),
        ("E005", {"STAFF_URL": "http://staff.example.com"}),
        ("E005", {"STAFF_URL": "https://localhost"}),
        ("E006", {"SECURE_SSL_REDIRECT": False}),
        ("E007", {"SECURE_HSTS_SECONDS": 0}),
        ("E008", PUBLIC | {"ENQUIRY_STAFF_PUBLIC_KEY": ""}),
        ("E008", PUBLIC | {"ENQUIRY_STAFF_PUBLIC_KEY": "age1nonsense"}),
        ("E009", {"ENQUIRY_RECOVERY_PUBLIC_KEY": ""}),
        ("E009", {"ENQUIRY_RECOVERY_PUBLIC_KEY": str(RECOVERY)}),
        ("E010", {"ENQUIRY_RECOVERY_PUBLIC_KEY": str(STAFF.to_public())}),
        ("E013", {"ENQUIRY_STAFF_KEY": str(OTHER)}),
        ("E013", {"ENQUIRY_STAFF_KEY": "AGE-SECRET-KEY-1NONSENSE"}),
        ("E016", {"EMAIL_HOST": ""}),
        ("E017", {"DEFAULT_FROM_EMAIL": "website@example.org"}),
        ("E017", {"DEFAULT_FROM_EMAIL": "The program <website@example.org>"}),
        ("E018", {"EMAIL_USE_TLS": False}),
        ("E019", {"CSRF_TRUSTED_ORIGINS": ["http://www.example.com"]}),
        ("E019", {"CSRF_TRUSTED_ORIGINS": ["https://www.example.com", "https://*.example.com"]}),
        ("W001", {"ENQUIRY_STAFF_KEY": ""}),
        ("W002", {"SURFACE": "all", "HAS_PUBLIC": True}),
        ("W004", PUBLIC | {"SECURITY_CONTACT": ""}),
        ("W005", PUBLIC | {"TRUSTED_PROXIES": 0}),
    ],
)
def test_a_setting_that_is_unsafe_is_found(
    production: Callable[..., list[str]], expected: str, changes: dict[str, Any]
) -> None:
    assert production(**changes) == [expected]


def test_mail_in_clear_within_one_machine_is_allowed(production: Callable[..., list[str]]) -> None:
    assert production(EMAIL_HOST="localhost", EMAIL_USE_TLS=False) == []


def test_e011_the_staff_key_near_the_public_surface(
    production: Callable[..., list[str]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENQUIRY_STAFF_KEY", str(STAFF))
    assert production(**PUBLIC) == ["E011"]
    monkeypatch.delenv("ENQUIRY_STAFF_KEY")
    key = settings.DATA_DIR / "keys" / "staff.key"
    key.touch(mode=0o600)
    key.write_text(str(STAFF))
    assert production(**PUBLIC) == ["E011"]


def test_e012_the_recovery_key_on_this_machine(production: Callable[..., list[str]], settings: Any) -> None:
    (settings.DATA_DIR / "keys" / "recovery.key").touch(mode=0o600)
    assert production() == ["E012"]


def test_w006_a_former_recovery_key_on_this_machine(production: Callable[..., list[str]], settings: Any) -> None:
    path = settings.DATA_DIR / "keys" / "recovery.key"
    path.touch(mode=0o600)
    path.write_text(str(RECOVERY))
    assert production() == ["E012"]
    path.write_text(str(OTHER))
    assert production() == ["W006"]


def test_while_keys_are_changed_a_former_staff_key_may_be_the_one_in_use(
    production: Callable[..., list[str]],
) -> None:
    """The staff surface has the new key before anything is sealed to it."""
    assert production(ENQUIRY_STAFF_KEY=f"{OTHER}\n{STAFF}") == []


@pytest.mark.parametrize("name", ["keys/staff.key", "secrets/secret_key"])
@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_e014_secrets_that_others_can_read(
    production: Callable[..., list[str]], settings: Any, name: str, mode: int
) -> None:
    (settings.DATA_DIR / name).touch()
    (settings.DATA_DIR / name).chmod(mode)
    assert production() == ["E014"]
    (settings.DATA_DIR / name).chmod(0o600)
    assert production() == []


def test_e015_data_that_would_be_published(production: Callable[..., list[str]], settings: Any) -> None:
    assert production(STATICFILES_DIRS=[settings.DATA_DIR.parent]) == ["E015"]
    assert production(STATICFILES_DIRS=[("below", settings.DATA_DIR.parent)]) == ["E015"]


@pytest.mark.parametrize("surface", ["public", "staff"])
def test_w003_surfaces_that_share_a_file(
    production: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, surface: str
) -> None:
    monkeypatch.setattr(checks, "uses_sqlite", lambda: True)
    assert production(**(PUBLIC if surface == "public" else {})) == ["W003"]


def test_the_kind_of_database_is_known() -> None:
    assert checks.uses_sqlite() == (connection.vendor == "sqlite")


def test_every_rule_has_its_own_id_and_says_how_to_mend_it() -> None:
    ids = [rule.id for rule in checks.RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.problem.endswith(".") and rule.remedy.endswith(".") for rule in checks.RULES)


@pytest.mark.django_db
def test_check_deploy_fails_with_id_and_hint(production: Callable[..., list[str]]) -> None:
    production(SECURE_HSTS_SECONDS=0)
    with pytest.raises(SystemCheckError, match=r"(?s)iop_site\.E007.*HINT: Set HSTS_SECONDS=31536000"):
        call_command("check", deploy=True)


@pytest.mark.django_db
def test_check_deploy_refuses_the_local_mode_as_a_whole() -> None:
    with pytest.raises(SystemCheckError, match=r"iop_site\.E000.*SITE_MODE is local"):
        call_command("check", deploy=True)
