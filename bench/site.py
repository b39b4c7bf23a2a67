"""Our own site as it is delivered: prepared once, copied, served by the surface, and worked on from inside."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.servers import ROOT, Served, command_in, environment, gunicorn
from iop_site.launch.parent import end_with_parent
from tests.postgres import free_port

if TYPE_CHECKING:
    from bench.context import Bench

CONFIG = "deploy/gunicorn.conf.py"
APPLICATION = "iop_site.wsgi:application"
READY = "/readyz"
STAFF_PASSWORD = "a-long-password-for-measuring"  # noqa: S105


@dataclass
class Site:
    bench: Bench
    name: str
    database_url: str

    def variables(self, surface: str) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.bench.folder / self.name),
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "iop_site.settings",
            "STAFF_PASSWORD": STAFF_PASSWORD,
            "SURFACE": surface,
            "WEB_PROCESSES": "1",
        }

    def serve(self, surface: str = "public", path: str = READY) -> AbstractContextManager[Served]:
        """As deploy/gunicorn.conf.py says, in one process; ready when `path` answers."""
        port = free_port()
        variables = self.variables(surface) | {"PORT": str(port)}
        return gunicorn(APPLICATION, path, self.bench.folder, config=CONFIG, port=port, **variables)

    def inside(self, *arguments: str) -> str:
        """What bench/inside.py prints about `arguments`, beside the site."""
        return command_in("-m", "bench.inside", *arguments, **self.variables("all"))

    @contextmanager
    def publisher(self) -> Iterator[Publisher]:
        """A process that publishes when it is told to."""
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.inside", "publish"],
            cwd=ROOT,
            env=environment(**self.variables("all")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- it is one call that allocates nothing
        )
        try:
            yield Publisher(process)
        finally:
            process.terminate()
            process.wait()

    def copied(self, name: str) -> Site:
        database_url = self.bench.database(name, template=self.name)
        shutil.copytree(self.bench.folder / self.name, self.bench.folder / name)
        return Site(self.bench, name, database_url)


@dataclass
class Publisher:
    process: subprocess.Popen[str]

    def publish(self) -> dict[str, Any]:
        """Change one page and publish it: {cpu, wall} of it in seconds, without the database's CPU."""
        assert self.process.stdin, self.process.stdout
        self.process.stdin.write("once more\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            sys.exit("Publishing failed; what it said is above.")
        return json.loads(line)


def prepare(site: Site) -> None:
    """Everything that `make run` prepares, for the staff surface and for the public one."""
    (site.bench.folder / site.name).mkdir()
    for surface in ("all", "public"):
        command_in("-m", "bench.inside", "prepare", **site.variables(surface))
