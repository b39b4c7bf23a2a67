"""Servers under test: gunicorn as deploy/gunicorn.conf.py has it, in one process."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.machine import children
from iop_site.launch.parent import end_with_parent
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "bench/contenders/serving.py"
START_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 20
LOOK_EVERY_SECONDS = 0.005
READY = {http.HTTPStatus.OK, http.HTTPStatus.NOT_MODIFIED}


class Served:
    """A running server. `url` has no slash at its end, `pid` is that of the process which has all others."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.pid = process.pid
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log

    @property
    def worker(self) -> int:
        """The pid of its one process that answers."""
        [pid] = children(self.pid)
        return pid

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers with names in lower case, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def wait_for(self, path: str) -> None:
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while True:
            try:
                status, _headers, _body = self.get(path)
            except (OSError, http.client.HTTPException):
                status = 0
            if status in READY:
                return
            if status or self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{self.url}{path} did not start (last status {status}); it said:\n{self.said()}")
            time.sleep(LOOK_EVERY_SECONDS)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


def environment(**variables: str) -> dict[str, str]:
    """Nothing else of this shell's: it may name the database of a real site."""
    # All enquiries come from one address.
    unlimited = {"ENQUIRIES_AN_HOUR": "100000000", "ENQUIRIES_AN_HOUR_FROM_ONE": "100000000"}
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | unlimited | variables


@contextmanager
def gunicorn(
    application: str,
    path: str,
    folder: Path,
    *,
    python: Path | str = sys.executable,
    config: str = CONFIG,
    cwd: Path = ROOT,
    port: int = 0,
    **variables: str,
) -> Iterator[Served]:
    """`application` served until the end of the block; it is ready when `path` answers 200. Its log is in `folder`."""
    port = port or free_port()
    command = [str(python), "-m", "gunicorn", "--config", str(ROOT / config), f"--bind=127.0.0.1:{port}", application]
    with running(command, port, folder, cwd, variables) as served:
        served.wait_for(path)
        yield served


@contextmanager
def running(command: list[str], port: int, folder: Path, cwd: Path, variables: Mapping[str, str]) -> Iterator[Served]:
    """`command`, which is to listen at `port`, until the end of the block; not waited for."""
    log = folder / f"{port}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl-C reaches this process alone, which stops them in order; and they end however it ends.
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process may have a second thread, which holds no lock
        )
    try:
        yield Served(process, port, log)
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command_in(
    *arguments: str, cwd: Path = ROOT, python: Path | str = sys.executable, given: str = "", **variables: str
) -> str:
    """What `python arguments…` prints, with `given` as its input; ends with a sentence when it fails."""
    done = subprocess.run(
        [str(python), *arguments],
        cwd=cwd,
        env=environment(**variables),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=end_with_parent,
    )
    if done.returncode:
        sys.exit(f"`python {' '.join(arguments)}` failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout
