"""The processes of a running site: gunicorn, and the worker that does what comes after an enquiry is stored."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings

from iop_site.launch.folders import CannotStart
from iop_site.launch.parent import end_with_parent

WEB = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "iop_site.wsgi:application"]
WORKER = [sys.executable, "manage.py", "db_worker"]

LOOK_EVERY_SECONDS = 0.25
STOP_WITHIN_SECONDS = 15
# A worker that ends soon after its start waits twice as long each time, up to the longest; it never gives up.
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


def serve(listener: socket.socket, announcement: Callable[[], None]) -> None:
    """Serve on `listener` until KeyboardInterrupt; CannotStart when gunicorn ends by itself.

    `announcement` comes once the site answers.
    """
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    web, worker = Child(WEB, listener), Child(WORKER)
    try:
        web.start()
        wait_until_it_answers(web)
        announcement()
        while web.is_running():
            if settings.HAS_STAFF:
                worker.keep_running()
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        stop(web, worker)
    raise CannotStart("the web server ended by itself; its last words are above.")


class Child:
    def __init__(self, command: list[str], listener: socket.socket | None = None) -> None:
        self.command = command
        self.descriptors = [listener.fileno()] if listener else []
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_again_at = 0.0
        self.pause = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """In a session of its own: Ctrl-C reaches the parent alone, which then stops its children in order."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STAFF_PASSWORD")}
        self.process = subprocess.Popen(
            [*self.command, *(f"--bind=fd://{descriptor}" for descriptor in self.descriptors)],
            pass_fds=self.descriptors,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process has one thread
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_running(self) -> None:
        """Start it, and start it again when it has ended: the database may have been away for a while."""
        now = time.monotonic()
        if self.is_running() or now < self.start_again_at:
            return
        if self.process is None:
            self.start()
            return
        if now - self.started_at > LONGEST_PAUSE_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        print(f"The worker ended ({self.process.returncode}). It starts again in {self.pause:.0f} s.", flush=True)
        self.process, self.start_again_at = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)


def wait_until_it_answers(web: Child) -> None:
    while web.is_running():
        connection = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass  # not yet
        finally:
            connection.close()
        time.sleep(LOOK_EVERY_SECONDS / 5)


def stop(*children: Child) -> None:
    """Asked first, then forced."""
    processes = [child.process for child in children if child.process is not None and child.is_running()]
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
