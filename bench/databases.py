"""Runs a measurement on SQLite and on a throwaway PostgreSQL, each time in a process of its own with an empty site."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable

from bench.machine import short_description
from bench.servers import ROOT, environment
from iop_site.launch.parent import end_with_parent

Run = Callable[[argparse.Namespace], None]


def on_both_databases(run: Run, parser: argparse.ArgumentParser, head: Callable[[argparse.Namespace], str]) -> None:
    """`run` is given the options of `parser`, and `database`: the name for people; `head` says what comes before both.

    For the main function of a module that is started as `python -m`.
    """
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        if options.database:
            prepare()
            run(options)
        else:
            print(f"{short_description()}\n{head(options)}", flush=True)
            start_both()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")


def start_both() -> None:
    from tests.postgres import NoPostgres, throwaway_server

    start("SQLite")
    try:
        with throwaway_server() as server:
            start("PostgreSQL", DATABASE_URL=server.url)
    except NoPostgres as error:
        print(f"No PostgreSQL, {error}.")


def start(database: str, **variables: str) -> None:
    """This module once more, in a folder of its own."""
    module = sys.modules["__main__"].__spec__
    assert module
    with tempfile.TemporaryDirectory(prefix="iop-bench-") as folder:
        command = [sys.executable, "-m", module.name, *sys.argv[1:], "--database", database]
        variables |= {"DATA_DIR": folder}
        done = subprocess.run(command, cwd=ROOT, env=environment(**variables), check=False, preexec_fn=end_with_parent)
    if done.returncode:
        sys.exit(done.returncode)


def prepare() -> None:
    """Django, in the database that the environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "iop_site.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
