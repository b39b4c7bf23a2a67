"""What a process of the public surface imports: nothing that serves staff alone."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

from tests.launched import ROOT
from tests.settings import clean_environment

FOR_STAFF_ALONE = (
    "content.admin",
    "admissions.admin",
    "content_editor.admin",
    "django.contrib.admin",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django_prose_editor",
    "fhir",
)
# The map of addresses brings every view along.
IMPORTS = """
import sys
import iop_site.wsgi, iop_site.urls
print(*sorted(sys.modules), sep="\\n")
"""


def imported(surface: str) -> set[str]:
    environment = clean_environment() | {"DATA_DIR": str(settings.DATA_DIR), "SURFACE": surface}
    (settings.DATA_DIR / "static-public").mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name for name in done.stdout.split() if name.startswith(FOR_STAFF_ALONE)}


def test_the_public_surface_imports_nothing_that_serves_staff_alone() -> None:
    assert imported("public") == set()


def test_the_staff_surface_shows_that_this_would_be_seen() -> None:
    assert {"content.admin", "django.contrib.admin", "django_prose_editor"} <= imported("staff")
