"""`make test`: style, then the tests on SQLite and in a browser, and beside them those of the database on PostgreSQL.

Goes on after a failure. What runs beside the rest is printed when it has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from iop_site.launch.parent import end_with_parent
from tests.browser import chromium
from tests.postgres import NoPostgres, throwaway_server

ROOT = Path(__file__).resolve().parent.parent
IS_CI = os.environ.get("CI", "").lower() == "true"
PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    os.chdir(ROOT)
    passed = {"style": style()}
    with postgresql() as finished:
        passed["SQLite"] = sqlite()
        passed["PostgreSQL"] = finished()
    if failed := [name for name, is_passed in passed.items() if not is_passed]:
        print(f"Failed: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


def run(title: str, *command: str, **variables: str) -> bool:
    print(f"\n=== {title}", flush=True)
    # A run that is ended from outside takes its tests with it.
    return subprocess.run(command, env=os.environ | variables, preexec_fn=end_with_parent).returncode == 0


def style() -> bool:
    templates = sorted(
        str(path.relative_to(ROOT)) for path in ROOT.glob("**/templates/**/*.html") if ".venv" not in path.parts
    )
    tools = Path(sys.executable).parent
    return all(
        [
            run("ruff check", str(tools / "ruff"), "check", "."),
            run("ruff format", str(tools / "ruff"), "format", "--check", "."),
            run("djade", str(tools / "djade"), "--check", *templates),
        ]
    )


def sqlite() -> bool:
    if has_browser():
        return run("Tests on SQLite, and in a browser", *PYTEST)
    passed = run("Tests on SQLite", *PYTEST, "--ignore=tests/browser")
    return passed and skipped("No Chromium: install Debian's chromium, or run `.venv/bin/playwright install chromium`.")


def has_browser() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return chromium.executable(playwright) is not None


@contextmanager
def postgresql() -> Iterator[Callable[[], bool]]:
    """Runs them meanwhile; what is yielded waits for their end, prints what they said, and says whether they passed."""
    command = [*PYTEST, "--ignore=tests/browser", "--database-only"]
    try:
        with throwaway_server() as server, tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                command,
                env=os.environ | {"TEST_DATABASE_URL": server.url},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- the run has one thread
            )

            def finished() -> bool:
                process.wait()
                output.seek(0)
                print(f"\n=== Tests on PostgreSQL\n{output.read()}", flush=True)
                return process.returncode == 0

            try:
                yield finished
            finally:
                process.terminate()
                process.wait()
    except NoPostgres as error:
        reason = f"No PostgreSQL, {error}: install Debian's postgresql."
        yield lambda: skipped(reason)


def skipped(reason: str) -> bool:
    """Where a developer lacks something the run goes on; where changes are judged it does not."""
    print(f"Not tested. {reason}", flush=True)
    return not IS_CI


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
