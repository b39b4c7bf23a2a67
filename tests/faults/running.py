"""The site in the shape in which it is deployed, to be killed: two public web processes, and a worker beside them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from iop_site.launch import keys
from iop_site.launch.parent import end_with_parent
from tests.faults.killing import ARMED, FOLDER, KILLED, PASSED, PROCESS
from tests.faults.points import Point, slug_of
from tests.launched import ROOT, get
from tests.postgres import free_port
from tests.settings import clean_environment

WEB = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "iop_site.wsgi:application"]
WORKER = [sys.executable, "manage.py", "db_worker", "--interval=0.1", "--no-startup-delay"]
# A machine that has other things to do is no fault of the site.
PATIENCE_SECONDS = 120


class NeverHappened(AssertionError):
    """What was waited for."""


def wait_until(happened: Callable[[], object], what: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise NeverHappened(what)
        meanwhile()
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """Of a process that runs, those that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(path.parent.name))
    return found


class Site:
    """`folder`: an empty one, for everything that it writes. `random_kills`: those from outside, by process."""

    def __init__(self, folder: Path, database_url: str, mail_port: int) -> None:
        self.folder, self.data_dir, self.faults = folder, folder / "data", folder / "faults"
        for name in (ARMED, PASSED):
            (self.faults / name).mkdir(parents=True)
        (self.faults / KILLED).touch()
        self.port = free_port()
        self.environment = clean_environment() | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": database_url,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "EMAIL_USE_TLS": "no",
            # One machine sends all of it.
            "ENQUIRIES_AN_HOUR": "1000000",
            "ENQUIRIES_AN_HOUR_FROM_ONE": "1000000",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            # There are no static files to be found.
            "PYTHONWARNINGS": "ignore::UserWarning",
            "SITE_LANGUAGES": "en",
            "WEB_PROCESSES": "2",
        }
        keys.make_secret_key(self.data_dir)
        keys.make_key_pairs(self.data_dir)
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.has_worker = False
        self.random_kills: Counter[str] = Counter()
        self.level = str(self.inside("prepare")["level"])

    # --- Processes --------------------------------------------------------------------------------------------------

    def start_web(self) -> None:
        self.web = self._start(WEB, "web", SURFACE="public")
        wait_until(lambda: get(f"http://127.0.0.1:{self.port}/healthz")[0] == 200, f"an answer:\n{self.log()}")

    def stop_web(self) -> None:
        self._end(self.web, signal.SIGTERM)

    def start_worker(self) -> None:
        self.has_worker = True
        self.tend()

    def stop_worker(self) -> None:
        """It finishes the task that it is at."""
        self.has_worker = False
        self._end(self.worker, signal.SIGTERM)

    def tend(self) -> None:
        """A worker that has ended starts again, as under `make run` and any supervisor. To be called often."""
        if self.has_worker and (self.worker is None or self.worker.poll() is not None):
            self.worker = self._start(WORKER, "worker", SURFACE="staff")

    def kill(self, process: str) -> None:
        """From outside, wherever it is: one web process, or the worker."""
        pids = children_of(self.web.pid) if process == "web" and self.web else []
        if process == "worker" and self.worker and self.worker.poll() is None:
            pids = [self.worker.pid]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(pids[0], signal.SIGKILL)
                self.random_kills[process] += 1

    def end(self) -> None:
        self.stop_web()
        self.stop_worker()

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace")[-5000:] if path.exists() else ""

    def _start(self, command: list[str], process: str, **variables: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | {FOLDER: str(self.faults), PROCESS: process} | variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- it is one call that takes no lock
            )

    def _end(self, process: subprocess.Popen[bytes] | None, number: int) -> None:
        if process and process.poll() is None:
            process.send_signal(number)
            process.wait(PATIENCE_SECONDS)

    # --- What is to happen to them ----------------------------------------------------------------------------------

    def arm(self, point: Point, deaths: int) -> None:
        for number in range(deaths):
            (self.faults / ARMED / f"{slug_of(point)}.{number}").touch()

    def disarm(self) -> None:
        for path in (self.faults / ARMED).iterdir():
            path.unlink(missing_ok=True)

    def is_armed(self) -> bool:
        return any((self.faults / ARMED).iterdir())

    def kills(self) -> Counter[str]:
        """How many died so far at each point, by its slug."""
        return Counter((self.faults / KILLED).read_text().split("\n")[:-1])

    def passed(self) -> set[str]:
        """The points that anybody came to, by their slugs."""
        return {path.name for path in (self.faults / PASSED).iterdir()}

    # --- What it is like inside -------------------------------------------------------------------------------------

    def inside(self, command: str, **given: Any) -> dict[str, Any]:
        """What inside.py says; {} where that is nothing."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.inside", command],
            cwd=ROOT,
            env=self.environment,
            input=json.dumps(given),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command} failed:\n{done.stderr}\n{self.log()}"
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def has_copies(self) -> bool:
        published = self.data_dir / "published"
        return (published / "facts.json").exists() and any(published.glob("*.page"))

    def spooled(self) -> list[Path]:
        return list((self.data_dir / "spool").glob("*.enquiry"))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def running_site(folder: Path, database_url: str, mail_port: int) -> Iterator[Site]:
    site = Site(folder, database_url, mail_port)
    try:
        site.start_web()
        site.start_worker()
        # What was read before the database goes can be read afterwards: in its first seconds a site has nothing yet.
        with urllib.request.urlopen(site.url("/")):
            wait_until(site.has_copies, "a copy of the page on disk")
        yield site
    finally:
        site.end()
