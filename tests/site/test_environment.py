"""The database's address, and that every setting is documented where people look for it."""

from __future__ import annotations

import ast
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2.extensions
import pytest

from iop_site import environment as env
from iop_site import prepared
from tests.launched import ROOT
from tests.settings import clean_environment

READERS = {
    "address",
    "boolean",
    "choice",
    "contact",
    "database",
    "folder",
    "integer",
    "languages",
    "listing",
    "secret",
    "text",
}


class TestDatabase:
    @pytest.mark.parametrize("name", ["a#b", "a?b=c", "100%25", "a b", "ä"])
    def test_a_folder_of_any_name_keeps_its_file(self, tmp_path: Path, name: str) -> None:
        """In a process of its own: the settings are read once."""
        (tmp_path / name).mkdir()
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "contenttypes", "-v0"],
            cwd=ROOT,
            env=clean_environment() | {"DATA_DIR": str(tmp_path / name)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        file = tmp_path / name / "site.sqlite3"
        with sqlite3.connect(file) as connection:
            assert connection.execute("SELECT count(*) FROM django_migrations").fetchone() > (0,)
        connection.close()
        assert {path.name for path in tmp_path.iterdir()} == {name}

    def test_without_an_address_it_is_the_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        config = env.database("DATABASE_URL", default_file=tmp_path / "site.sqlite3")
        assert config["NAME"] == str(tmp_path / "site.sqlite3")
        assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert config["CONN_MAX_AGE"] is None

    def test_a_file_that_was_prepared_and_is_gone_is_not_made_anew(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        file = tmp_path / "a#b?c %25.sqlite3"
        config = env.database("DATABASE_URL", default_file=file)
        assert "database" not in config["OPTIONS"]
        prepared.note(tmp_path, config)
        where = env.database("DATABASE_URL", default_file=file)["OPTIONS"]["database"]
        with pytest.raises(sqlite3.OperationalError, match="unable to open"):
            sqlite3.connect(where, uri=True)
        assert not file.exists()
        file.touch()
        sqlite3.connect(where, uri=True).close()

    def test_the_note_is_of_one_database(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        configs = []
        for url in ("postgres://a:secret@db.example.com/site", "postgres://a:secret@db.example.com/other"):
            monkeypatch.setenv("DATABASE_URL", url)
            configs.append(env.database("DATABASE_URL", default_file=tmp_path / "unused"))
        prepared.note(tmp_path, configs[0])
        assert [prepared.is_noted(tmp_path, config) for config in configs] == [True, False]
        assert "example" not in (tmp_path / prepared.FILE).read_text()

    def test_a_connection_to_postgresql_whose_network_is_gone_is_noticed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://a@db.example.com/site?keepalives_idle=5")
        options = env.database("DATABASE_URL", default_file=tmp_path / "unused")["OPTIONS"]
        psycopg2.extensions.make_dsn("dbname=site", **options)  # which asks libpq whether it knows each
        assert str(options["keepalives_idle"]) == "5"
        assert (options["keepalives_interval"], options["keepalives_count"], options["tcp_user_timeout"]) == (
            10,
            3,
            30_000,
        )

    @pytest.mark.parametrize(("query", "seconds"), [("", "5"), ("?connect_timeout=9", "9")])
    def test_postgresql_is_not_waited_for_long(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, query: str, seconds: str
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", f"postgres://someone:secret@db.example.com:5433/site{query}")
        config = env.database("DATABASE_URL", default_file=tmp_path / "unused")
        assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example.com", 5433, "site")
        assert str(config["OPTIONS"]["connect_timeout"]) == seconds


class TestAddress:
    def test_it_is_taken_as_it_is_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEAVE_URL", "https://example.org/weather?q=1")
        assert env.address("LEAVE_URL", "https://example.com/") == "https://example.org/weather?q=1"

    @pytest.mark.parametrize(
        "value", ["example.org", "javascript:alert(1)", "https://", "//example.org/", "https://[x"]
    )
    def test_what_no_link_can_lead_to_is_refused(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        monkeypatch.setenv("LEAVE_URL", value)
        with pytest.raises(env.SettingError, match="write a whole address"):
            env.address("LEAVE_URL", "https://example.com/")


def names_read() -> set[str]:
    return {name for path in ("iop_site/settings.py", *launch_files()) for name in names_read_in(ROOT / path)}


def launch_files() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in (ROOT / "iop_site" / "launch").glob("*.py")]


def names_read_in(path: Path) -> Iterator[str]:
    """The first argument of each call such as env.text("PORT", …), when it is written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr=reader), args=[ast.Constant(value=str(name)), *_]
            ) if reader in READERS:
                yield name


def without_file(names: set[str]) -> set[str]:
    return {name.removesuffix("_FILE") for name in names}


class TestDocumentation:
    def test_the_settings_are_found(self) -> None:
        """Else the two tests below could compare nothing with nothing."""
        assert {"PORT", "SECRET_KEY", "DATABASE_URL", "HSTS_PRELOAD", "STAFF_PASSWORD", "WEB_THREADS"} <= names_read()

    def test_the_readme_has_each_setting_and_no_other(self) -> None:
        table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
        first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
        assert without_file(set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells)))) == names_read()

    def test_the_example_has_each_setting_and_no_other(self) -> None:
        example = (ROOT / ".env.example").read_text(encoding="utf-8")
        assert without_file(set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))) == names_read()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("security@example.com", "mailto:security@example.com"),
        ("mailto:security@example.com", "mailto:security@example.com"),
        ("https://example.com/security", "https://example.com/security"),
        ("tel:+1-617-555-0142", "tel:+1-617-555-0142"),
    ],
)
def test_a_contact_is_an_address_that_machines_can_use(
    monkeypatch: pytest.MonkeyPatch, written: str, read: str
) -> None:
    monkeypatch.setenv("NAME", written)
    assert env.contact("NAME") == read


@pytest.mark.parametrize("written", ["the office", "http://example.com", "a@b", "https://", "a@b.com\nExpires: x"])
def test_a_contact_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("NAME", written)
    with pytest.raises(env.SettingError, match="NAME is"):
        env.contact("NAME")
