from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from admissions.models import SelfTestResult
from iop_site import housekeeping
from iop_site.models import OwedMail
from tests.admissions.keys import key_pair

OTHER_KEY = key_pair()[0]


def test_healthz_answers_without_a_database_query(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.text == "ok\n"


def test_healthz_answers_while_the_database_is_away(client: Client) -> None:
    """Without the `db` fixture, every access to the database is an error."""
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readyz_says_that_all_is_well(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "reasons": [],
        "spool": {"waiting": 0, "waiting_for": 0, "broken": 0},
        "staff_key": "right",
        "mail": {"owed": 0, "failed_attempts": 0, "owed_for": 0},
        "worker": {"seen_ago": None, "failed": 0, "orphaned": 0, "late": 0},
        "self_test": None,
    }


@pytest.mark.django_db
def test_readyz_says_how_the_last_self_test_ended_and_when_and_stays_ready(client: Client) -> None:
    now = timezone.now()
    SelfTestResult.objects.create(at=now - timedelta(hours=3), took_ms=1)
    with time_machine.travel(now, tick=False):
        assert client.get("/readyz").json()["self_test"] == {"ok": True, "age": 10_800, "failed_step": None}
        SelfTestResult.objects.create(at=now, failed_step="open", sentence="No key.", took_ms=1)
        response = client.get("/readyz")
    assert response.json()["self_test"] == {"ok": False, "age": 0, "failed_step": "open"}
    assert response.status_code == 200


@pytest.mark.django_db
def test_readyz_says_in_numbers_what_mail_is_owed_and_stays_ready(client: Client) -> None:
    now = timezone.now()
    housekeeping.beat()
    OwedMail.objects.create(
        digest="0" * 64,
        recipient="desk@example.org",
        subject="New enquiry",
        owed_since=now - timedelta(hours=2),
        next_attempt_at=now,
        attempts=4,
        problem="SMTPConnectError 421",
    )
    with time_machine.travel(now, tick=False):
        response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["mail"] == {"owed": 1, "failed_attempts": 4, "owed_for": 7200}
    assert response.json()["worker"]["seen_ago"] == 0
    assert "example.org" not in response.text
    assert "enquiry" not in response.text


@pytest.mark.django_db
def test_readyz_counts_what_waits_in_the_spool(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "spool"
    folder.mkdir()
    now = timezone.now()
    for age, name in enumerate(("a.enquiry", "b.enquiry", "c.broken", "d.writing")):
        (folder / name).touch()
        os.utime(folder / name, (now.timestamp() - 60 * age,) * 2)
    with time_machine.travel(now, tick=False):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["spool"]) == (200, {"waiting": 2, "waiting_for": 60, "broken": 1})


@pytest.mark.django_db
def test_readyz_names_a_database_that_does_not_answer(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=OperationalError("password=secret")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database does not answer."]
    assert (response.json()["mail"], response.json()["worker"]) == (None, None)


@pytest.mark.django_db
def test_readyz_names_a_database_that_takes_no_writes(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET TRANSACTION READ ONLY")
    else:
        # Root, as whom tests may run, can write every file that is there.
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "gone.sqlite3"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database takes no writes."]


@pytest.mark.django_db
def test_readyz_counts_migrations_that_are_missing(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("content", "0001_initial")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["The database lacks 1 migrations."]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["staff", "recovery"])
@pytest.mark.parametrize("value", ["", "age1nonsense"])
def test_readyz_names_a_key_that_cannot_seal(client: Client, settings: Any, name: str, value: str) -> None:
    setattr(settings, f"ENQUIRY_{name.upper()}_PUBLIC_KEY", value)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == [f"The {name} public key is missing or invalid: enquiries cannot be sealed."]


@pytest.mark.django_db
def test_readyz_names_a_folder_that_cannot_be_written(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "gone"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reasons"] == ["DATA_DIR cannot be written."]


@pytest.mark.django_db
def test_readyz_names_a_spool_that_takes_nothing(client: Client, settings: Any, tmp_path: Path) -> None:
    """Which os.access does not tell, nor a folder above it."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "spool").touch()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["reasons"]) == (503, ["DATA_DIR cannot be written."])
    (tmp_path / "spool").unlink()
    (tmp_path / "spool").mkdir()
    assert client.get("/readyz").status_code == 200
    assert not list((tmp_path / "spool").iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "has_staff", "expected"),
    [
        ("", True, "missing"),
        ("AGE-SECRET-KEY-1TYPO", True, "wrong"),
        (OTHER_KEY, True, "wrong"),
        (f"{OTHER_KEY}\n{{}}", True, "right"),
        ("", False, None),
    ],
)
def test_readyz_says_whether_the_staff_key_opens_what_is_sealed_now(
    client: Client, settings: Any, key: str, has_staff: bool, expected: str | None
) -> None:
    settings.ENQUIRY_STAFF_KEY, settings.HAS_STAFF = key.format(settings.ENQUIRY_STAFF_KEY), has_staff
    response = client.get("/readyz")
    assert (response.status_code, response.json()["staff_key"]) == (200, expected)
    assert "TYPO" not in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
class TestBoth:
    def test_head_is_answered(self, client: Client, path: str) -> None:
        assert client.head(path).status_code == 200

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_other_methods_are_refused(self, path: str, method: str) -> None:
        client = Client(enforce_csrf_checks=True)
        response = getattr(client, method)(path)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"

    def test_nothing_is_kept(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies

    def test_the_machines_own_address_is_answered_in_production(self, settings: Any, path: str) -> None:
        """A proxy, a supervisor and the launcher ask on 127.0.0.1, and in clear."""
        settings.ALLOWED_HOSTS = ["www.example.com"]
        settings.SECURE_SSL_REDIRECT = True
        client = Client(headers={"host": "127.0.0.1:8000"})
        assert client.get(path).status_code == 200
        assert client.get("/guide/print/").status_code in {301, 400}, "the rest of the site stays strict"

    def test_the_headers_of_every_answer_are_there(self, client: Client, path: str) -> None:
        response = client.get(path)
        assert response["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in response["Content-Security-Policy"]
