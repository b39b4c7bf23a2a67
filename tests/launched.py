"""The site as `make run` starts it, for tests: the same code, without making .venv."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from iop_site.launch.parent import end_with_parent
from tests.postgres import free_port
from tests.settings import clean_environment

ROOT = Path(__file__).resolve().parent.parent
STAFF_PASSWORD = "a-long-password-for-tests"
START_WITHIN_SECONDS = 120
STOP_WITHIN_SECONDS = 30
# What `Site.run` talks to, one JSON text a line each way.
SHELL = """
import contextlib, io, json, sys
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(json.loads(line), {})
    print(json.dumps(said.getvalue()), flush=True)
"""


@dataclass
class Site:
    """A running site. `url` has no slash at its end."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]
    log: Path
    last_words: str = ""
    shell: subprocess.Popen[str] | None = None

    def manage(self, *arguments: str) -> str:
        """What a management command prints, run beside the site on the same data."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def run(self, code: str) -> str:
        """What `code` prints, as in `manage.py shell`; the same process runs all of it, which saves a second each."""
        if self.shell is None:
            with self.log.open("a") as errors:
                self.shell = subprocess.Popen(
                    [sys.executable, "manage.py", "shell", "--no-imports", "-c", SHELL],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    preexec_fn=end_with_parent,  # noqa: PLW1509 -- the tests have one thread
                )
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{json.dumps(code)}\n")
        self.shell.stdin.flush()
        answer = self.shell.stdout.readline()
        assert answer, f"this failed:\n{code}\n{self.output()}"
        return json.loads(answer)

    def mails(self) -> list[str]:
        """The texts of all mail so far, oldest first."""
        files = sorted((self.data_dir / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_text(encoding="utf-8") for path in files]

    def output(self) -> str:
        """What the start and all its processes have said."""
        return self.last_words or self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_WITHIN_SECONDS)


def environment_for(data_dir: Path, port: int, **variables: str) -> dict[str, str]:
    own = {"DATA_DIR": str(data_dir), "PORT": str(port), "STAFF_PASSWORD": STAFF_PASSWORD, "PYTHONUNBUFFERED": "1"}
    # The sample program in one language loads in half the time.
    own["SITE_LANGUAGES"] = "en"
    # All tests send from one address.
    own["ENQUIRIES_AN_HOUR"] = own["ENQUIRIES_AN_HOUR_FROM_ONE"] = "1000000"
    return clean_environment() | own | database_for(data_dir) | variables


def database_for(data_dir: Path) -> dict[str, str]:
    """In a run on PostgreSQL, a database of its own for each DATA_DIR; else nothing: SQLite in DATA_DIR."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        return {}
    name = f"site_{hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}


def start(data_dir: Path, log: Path, **variables: str) -> Site:
    """Start it, without waiting; `variables` are further settings."""
    port = free_port()
    environment = environment_for(data_dir, port, **variables)
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "iop_site.launch"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- the tests have one thread
        )
    return Site(f"http://127.0.0.1:{port}", data_dir, environment, process, log)


def get(url: str) -> tuple[int, str]:
    """Status and body; (0, why) while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def wait_until_ready(site: Site) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while True:
        status, body = get(f"{site.url}/readyz")
        if status == 200:
            assert json.loads(body)["ready"]
            return
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"The site did not start; last answer {status} {body!r}; it said:\n{site.output()}")
        time.sleep(0.1)


@contextmanager
def launched_site(data_dir: Path | None = None, **variables: str) -> Iterator[Site]:
    """A site that is ready, stopped at the end. Without `data_dir` it starts for the first time."""
    with tempfile.TemporaryDirectory(prefix="iop-site-") as folder:
        log = Path(folder) / "log.txt"
        site = start(data_dir or Path(folder) / "data", log, **variables)
        try:
            wait_until_ready(site)
            yield site
        finally:
            if site.shell:
                # It ends when nothing more can come.
                site.shell.communicate()
            if site.process.poll() is None:
                os.kill(site.process.pid, signal.SIGTERM)
            site.process.wait(STOP_WITHIN_SECONDS)
            site.last_words = site.output()
