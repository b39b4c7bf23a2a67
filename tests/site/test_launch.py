"""`make run`, for real: what it makes, what it says, and how it ends."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.launched import STAFF_PASSWORD, Site, get, launched_site, start, wait_until_ready
from tests.postgres import free_port


def files(folder: Path) -> dict[str, str]:
    """Digest by name of every file, but for SQLite's own companions and copies of pages that were read."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".page"))
    }


def refused(data_dir: Path, **variables: str) -> str:
    """What a start says that must not succeed: exactly one sentence on its last line, and exit code 1."""
    site = start(data_dir, data_dir.parent / "refused.txt", **variables)
    assert site.process.wait(60) == 1
    output = site.output()
    assert "Traceback" not in output
    last = output.splitlines()[-1]
    assert last.startswith("Cannot start: ")
    return last


def children(pid: int) -> list[int]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listing.read_text().split()]


def is_gone(pid: int) -> bool:
    """A process that has ended and waits for nobody but its new parent is gone as well."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def eventually(condition: object, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """DATA_DIR after a first start without STAFF_PASSWORD, and what that start said."""
    folder = tmp_path_factory.mktemp("prepared")
    site = start(folder / "data", folder / "first.txt", STAFF_PASSWORD="")
    try:
        wait_until_ready(site)
        assert eventually(lambda: "Ctrl-C" in site.output())
    finally:
        assert site.stop() == 0
    return folder / "data", site.output()


def test_the_first_start_says_what_it_makes(prepared: tuple[Path, str]) -> None:
    _, output = prepared
    steps = ["Made a secret", "Made the staff key", "Made the recovery key", "Preparing the database", "Collecting"]
    steps += ["sample program", "Made the staff account admin", "Site ", "Admin ", "Mail ", "recovery.key", "offline"]
    places = [output.find(step) for step in steps]
    assert -1 not in places, output
    assert places == sorted(places)
    assert "Stopped." in output
    assert "Traceback" not in output


def test_the_first_start_prints_a_password_that_opens_the_account(prepared: tuple[Path, str]) -> None:
    data_dir, output = prepared
    [password] = re.findall(r"staff account admin with password (\S+) \(shown this once\)", output)
    assert len(password) >= 15
    with launched_site(data_dir) as site:
        code = "from django.contrib.auth import authenticate as a; import sys"
        assert (
            site.manage("shell", "-v0", "-c", f"{code}; print(bool(a(username='admin', password='{password}')))")
            == "True\n"
        )
        assert password not in site.output()


def test_a_second_start_changes_nothing_and_does_not_name_the_server(prepared: tuple[Path, str]) -> None:
    data_dir, _ = prepared
    before = files(data_dir)
    with launched_site(data_dir) as site:
        headers = subprocess.run(["curl", "--silent", "--head", site.url], capture_output=True, text=True).stdout
        assert eventually(lambda: "Ctrl-C" in site.output())
    assert files(data_dir) == before
    assert site.output().lstrip().startswith("Site ")
    assert headers.startswith("HTTP/1.1 200")
    assert "server:" not in headers.lower()


def test_staff_edits_survive_a_start(prepared: tuple[Path, str]) -> None:
    data_dir, _ = prepared
    count = "from content.models import Page; print(Page.objects.filter(title='Edited by staff').count())"
    edit = "from content.models import Page; print(Page.objects.update(title='Edited by staff'))"
    with launched_site(data_dir) as site:
        edited = site.manage("shell", "-v0", "-c", edit)
    with launched_site(data_dir) as site:
        assert site.manage("shell", "-v0", "-c", count) == edited != "0\n"


def test_two_copies_run_side_by_side_and_a_given_password_is_taken_and_not_printed(
    prepared: tuple[Path, str], tmp_path: Path
) -> None:
    """Together, because a first start takes long."""
    with launched_site(prepared[0]) as one, launched_site(tmp_path / "data") as two:
        assert one.url != two.url
        assert get(f"{one.url}/")[0] == get(f"{two.url}/")[0] == 200
        assert eventually(lambda: "Ctrl-C" in two.output())
        code = "from django.contrib.auth import authenticate as a"
        shown = two.manage(
            "shell", "-v0", "-c", f"{code}; print(bool(a(username='admin', password='{STAFF_PASSWORD}')))"
        )
    assert shown == "True\n"
    assert "Made the staff account admin with the password in STAFF_PASSWORD" in two.output()
    assert STAFF_PASSWORD not in two.output()


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="there is no file to move")
def test_a_start_without_the_database_that_it_had_serves_all_the_same_and_makes_no_other(
    prepared: tuple[Path, str], tmp_path: Path
) -> None:
    data_dir, _ = prepared
    file, moved = data_dir / "site.sqlite3", data_dir / "moved.sqlite3"
    file.rename(moved)
    try:
        site = start(data_dir, tmp_path / "log.txt")
        try:
            assert eventually(lambda: "Ctrl-C" in site.output()), site.output()
            assert get(f"{site.url}/crisis/")[0] == 200
            assert "The database does not answer." in get(f"{site.url}/readyz")[1]
            assert not file.exists()
            moved.rename(file)
            wait_until_ready(site)
        finally:
            assert site.stop() == 0
        assert "Starting without it" in site.output()
    finally:
        if moved.exists():
            moved.rename(file)


class TestSurfaces:
    def test_the_public_one_serves_a_prepared_folder_without_the_admin(self, prepared: tuple[Path, str]) -> None:
        data_dir, _ = prepared
        with launched_site(data_dir, SURFACE="public") as site:
            assert get(f"{site.url}/")[0] == 200
            assert get(f"{site.url}/admin/")[0] == 404
            assert eventually(lambda: "Ctrl-C" in site.output())
        assert "Admin" not in site.output()
        assert not list((data_dir / "static-public").glob("admin"))

    def test_the_public_one_refuses_an_empty_database(self, tmp_path: Path) -> None:
        assert "the public keys" in refused(tmp_path / "data", SURFACE="public")
        assert not (tmp_path / "data" / "keys").exists()

    def test_the_public_one_refuses_a_database_that_is_not_prepared(
        self, prepared: tuple[Path, str], tmp_path: Path
    ) -> None:
        data_dir, _ = prepared
        for name in ("staff.pub", "recovery.pub"):
            (tmp_path / "data" / "keys").mkdir(parents=True, exist_ok=True)
            (tmp_path / "data" / "keys" / name).write_text((data_dir / "keys" / name).read_text())
        assert "the database is not prepared, and SURFACE=public does not do it" in refused(
            tmp_path / "data", SURFACE="public"
        )

    def test_the_staff_one_serves_the_admin_alone(self, prepared: tuple[Path, str]) -> None:
        with launched_site(prepared[0], SURFACE="staff") as site:
            assert get(f"{site.url}/admin/login/")[0] == 200
            with urllib.request.urlopen(f"{site.url}/") as response:
                assert response.url == f"{site.url}/admin/login/?next=/admin/"
            status, page = get(f"{site.url}/guide/no-such-page/")
            assert status == 404
            assert "guide below" not in page
            where_visitors_are = (
                "from iop_site import urls; from django.contrib import admin; print(admin.site.site_url)"
            )
            assert site.manage("shell", "-v0", "-c", where_visitors_are) == f"{site.url}/\n"


class TestRefusals:
    def test_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            sentence = refused(tmp_path / "data", PORT=str(port))
        assert sentence == (
            f"Cannot start: port {port} is taken by another program: choose another, as in `make run PORT={port + 1}`."
        )

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "data").touch()
        assert "cannot be written" in refused(tmp_path / "data")

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("PORT", "eighty", "PORT is 'eighty'; it must be a whole number from 1 to 65535."),
            ("SURFACE", "both", "SURFACE is 'both'; it can be all, public, staff."),
            ("SITE_MODE", "test", "SITE_MODE is 'test'; it can be local, production."),
            ("HTTPS_ONLY", "perhaps", "HTTPS_ONLY is 'perhaps'; write yes or no."),
            ("WEB_PROCESSES", "0", "WEB_PROCESSES is '0'; it must be a whole number from 1 to 64."),
            ("DATABASE_URL", "mysql://localhost/site", "use SQLite or PostgreSQL."),
            ("DATABASE_URL", "nonsense", "DATABASE_URL is not a database address that is understood here"),
            ("SECRET_KEY_FILE", "/nowhere/secret", "SECRET_KEY cannot be read from /nowhere/secret"),
            (
                "STAFF_PASSWORD",
                "short",
                "STAFF_PASSWORD is not safe enough. This password is too short. It must contain at",
            ),
        ],
    )
    def test_a_setting_that_cannot_be_right(self, tmp_path: Path, name: str, value: str, words: str) -> None:
        assert words in refused(tmp_path / "data", **{name: value})

    def test_a_database_that_is_away(self, tmp_path: Path) -> None:
        url = f"postgres://someone:secret@127.0.0.1:{free_port()}/site"
        sentence = refused(tmp_path / "data", DATABASE_URL=url)
        assert "the database does not answer" in sentence
        assert "secret" not in sentence

    def test_a_database_file_that_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "not-a-database").write_text("words " * 1000)
        sentence = refused(tmp_path / "data", DATABASE_URL=f"sqlite:///{tmp_path / 'not-a-database'}")
        assert "the database does not answer (file is not a database)" in sentence

    def test_production_names_every_unsafe_setting(self, tmp_path: Path) -> None:
        site = start(tmp_path / "data", tmp_path / "log.txt", SITE_MODE="production")
        assert site.process.wait(60) == 1
        output = site.output()
        assert "iop_site.E002: SECRET_KEY is missing" in output
        assert "iop_site.E003: ALLOWED_HOSTS is empty" in output
        assert output.splitlines()[-1] == (
            "Cannot start: SITE_MODE=production refuses the unsafe settings named above."
        )
        assert not list((tmp_path / "data").iterdir()), "production makes neither secrets nor keys by itself"


class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_stops_everything_in_order(self, prepared: tuple[Path, str], number: int) -> None:
        with launched_site(prepared[0]) as site:
            assert eventually(lambda: len(children(site.process.pid)) == 2)
            started = children(site.process.pid)
            assert site.stop(number) == 0
            assert site.output().splitlines()[-1] == "Stopped."
            assert all(is_gone(pid) for pid in started)
            assert get(f"{site.url}/healthz")[0] == 0

    def test_a_start_that_is_killed_leaves_nothing_behind(self, prepared: tuple[Path, str]) -> None:
        with launched_site(prepared[0]) as site:
            assert eventually(lambda: len(children(site.process.pid)) == 2)
            started = children(site.process.pid)
            started += [grandchild for pid in started for grandchild in children(pid)]
            site.process.kill()
            site.process.wait()
            assert eventually(lambda: all(is_gone(pid) for pid in started))
            assert get(f"{site.url}/healthz")[0] == 0

    def test_a_worker_that_ends_is_started_again(self, prepared: tuple[Path, str]) -> None:
        with launched_site(prepared[0]) as site:
            worker = find_child(site, "db_worker")
            os.kill(worker, signal.SIGKILL)
            assert eventually(lambda: find_child(site, "db_worker") not in {0, worker})
            assert "The worker ended (-9). It starts again in 1 s." in site.output()
            assert get(f"{site.url}/healthz")[0] == 200

    def test_a_web_server_that_ends_ends_everything(self, prepared: tuple[Path, str]) -> None:
        with launched_site(prepared[0]) as site:
            worker = find_child(site, "db_worker")
            os.kill(find_child(site, "gunicorn"), signal.SIGKILL)
            assert site.process.wait(30) == 1
            assert site.output().endswith("Cannot start: the web server ended by itself; its last words are above.\n")
            assert is_gone(worker)


def find_child(site: Site, word: str) -> int:
    """The id of the child whose command has `word` in it, waiting for it; 0 if it does not come."""
    found: list[int] = []

    def look() -> bool:
        for pid in children(site.process.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            # Before it is a program of its own, a child has its parent's command.
            if word in command and not is_gone(pid):
                found.append(pid)
        return bool(found)

    eventually(look, 5)
    return found[0] if found else 0
