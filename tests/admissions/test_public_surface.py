"""A process of the public surface, with the real keys in its DATA_DIR and a sealed enquiry in its hands."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

from django.conf import settings

from admissions import sealing
from tests.settings import clean_environment

TRIES_TO_OPEN = """
import base64, sys
import django
django.setup()
from django.conf import settings
from django.urls import Resolver404, resolve
from admissions import sealing
assert settings.ENQUIRY_STAFF_PUBLIC_KEY.startswith("age1")
assert not any("AGE-SECRET-KEY" in str(getattr(settings, name)) for name in dir(settings) if name.isupper())
try:
    resolve("/admin/admissions/enquiry/")
except Resolver404:
    print("no desk")
try:
    sealing.open_payload(base64.b64decode(sys.argv[1]), sealing.staff_identity())
except sealing.StaffKeyMissing:
    print("no key")
print(sealing.seal_payload({"name": "Alex"})[:21].decode())
"""


def run(surface: str) -> subprocess.CompletedProcess[str]:
    sealed = base64.b64encode(sealing.seal_payload({"name": "Alex"})).decode()
    environment = clean_environment() | {
        "DJANGO_SETTINGS_MODULE": "iop_site.settings",
        "DATA_DIR": str(settings.DATA_DIR),
        "SURFACE": surface,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, "-c", TRIES_TO_OPEN, sealed],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_public_surface_seals_and_cannot_open_what_it_sealed() -> None:
    assert (settings.DATA_DIR / "keys" / "staff.key").exists()
    process = run("public")
    assert process.stdout.splitlines() == ["no desk", "no key", "age-encryption.org/v1"], process.stderr


def test_the_staff_surface_is_not_what_was_just_shown() -> None:
    assert "AssertionError" in run("staff").stderr
