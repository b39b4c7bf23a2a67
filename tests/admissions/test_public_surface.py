"""A process of the public surface, with a database full of enquiries: it tries to open them in every way there is."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from admissions import services
from tests.factories import make_enquiry, make_staff
from tests.settings import clean_environment

pytestmark = pytest.mark.django_db(transaction=True)

PRIVATE_KEYS = ("staff.key", "recovery.key")
PUBLIC_KEYS = ("staff.pub", "recovery.pub")
NOTHING = {"in_settings": 0, "keys_found": 0, "by_keys": 0, "by_services": 0, "by_names": 0, "by_admin": 0}


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    """Three enquiries, one with a note, in a database that another process can be given."""
    enquiries = [make_enquiry() for _ in range(3)]
    services.add_note(enquiry=enquiries[0], note="They can be reached at noon.", actor=make_staff("view_enquiry"))
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(database["NAME"])) as source:
            source.execute("VACUUM INTO ?", [str(tmp_path / "site.sqlite3")])
        return {}
    who = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    return {"DATABASE_URL": f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"}


def tried(folder: Path, database: dict[str, str], surface: str, *names: str) -> dict[str, Any]:
    """What a process of `surface` reaches that has the keys `names` in its DATA_DIR."""
    (folder / "keys").mkdir()
    for name in names:
        (folder / "keys" / name).write_bytes((settings.DATA_DIR / "keys" / name).read_bytes())
    environment = clean_environment() | database
    environment |= {
        "DJANGO_SETTINGS_MODULE": "iop_site.settings",
        "DATA_DIR": str(folder),
        "SURFACE": surface,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.run(
        [sys.executable, Path(__file__).with_name("try_to_open.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_with_public_keys_alone_nothing_opens_and_sealing_goes_on(tmp_path: Path, database: dict[str, str]) -> None:
    reached = tried(tmp_path, database, "public", *PUBLIC_KEYS)
    assert reached == NOTHING | {"enquiries": 3, "texts": 4, "sealed": "age-encryption.org/v1"}


def test_where_the_keys_lie_beside_it_the_public_surface_does_not_read_them(
    tmp_path: Path, database: dict[str, str]
) -> None:
    reached = tried(tmp_path, database, "public", *PUBLIC_KEYS, *PRIVATE_KEYS)
    # Whoever breaks in reads files as well: so `check --deploy` refuses it (E011), and this search finds it.
    assert reached["keys_found"] == 2
    assert reached["by_keys"] == 4
    assert {name: reached[name] for name in NOTHING if name not in {"keys_found", "by_keys"}} == {
        "in_settings": 0,
        "by_services": 0,
        "by_names": 0,
        "by_admin": 0,
    }


def test_the_staff_surface_opens_all_of_it_in_the_same_ways(tmp_path: Path, database: dict[str, str]) -> None:
    reached = tried(tmp_path, database, "staff", *PUBLIC_KEYS, "staff.key")
    assert reached["in_settings"] > 0
    assert reached["by_services"] == reached["by_names"] == 3
    assert reached["keys_found"] == 1
    assert reached["by_keys"] == 4
    assert reached["by_admin"] == 4
