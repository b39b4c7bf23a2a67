"""`make test`: style, then the tests on SQLite, beside them those in a browser and those of the database on PostgreSQL.

Goes on after a failure. What runs beside the rest is printed when it has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from iop_site.launch.parent import end_with_parent
from tests.browser import chromium
from tests.postgres import NoPostgres, throwaway_server

ROOT = Path(__file__).resolve().parent.parent
IS_CI = os.environ.get("CI", "").lower() == "true"
PYTEST = [sys.executable, "-m", "pytest"]
WITHOUT_BROWSER = "--ignore=tests/browser"


def main() -> int:
    os.chdir(ROOT)
    passed = {"style": style()}
    with ExitStack() as stack:
        beside = {"browser": stack.enter_context(browser()), "PostgreSQL": stack.enter_context(postgresql())}
        passed["SQLite"] = run("Tests on SQLite", *PYTEST, WITHOUT_BROWSER)
        passed |= {name: finished() for name, finished in beside.items()}
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


@contextmanager
def browser() -> Iterator[Callable[[], bool]]:
    if has_browser():
        with running("Tests in a browser", *PYTEST, "tests/browser") as finished:
            yield finished
    else:
        yield lambda: skipped("No Chromium: install Debian's chromium, or run `.venv/bin/playwright install chromium`.")


def has_browser() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return chromium.executable(playwright) is not None


@contextmanager
def postgresql() -> Iterator[Callable[[], bool]]:
    command = [*PYTEST, WITHOUT_BROWSER, "--database-only"]
    try:
        with (
            throwaway_server() as server,
            running("Tests on PostgreSQL", *command, TEST_DATABASE_URL=server.url) as finished,
        ):
            yield finished
    except NoPostgres as error:
        reason = f"No PostgreSQL, {error}: install Debian's postgresql."
        yield lambda: skipped(reason)


@contextmanager
def running(title: str, *command: str, **variables: str) -> Iterator[Callable[[], bool]]:
    """Runs it meanwhile; what is yielded waits for its end, prints what it said, and says whether it passed."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- the run has one thread
        )

        def finished() -> bool:
            process.wait()
            output.seek(0)
            print(f"\n=== {title}\n{output.read()}", flush=True)
            return process.returncode == 0

        try:
            yield finished
        finally:
            process.terminate()
            process.wait()


def skipped(reason: str) -> bool:
    """Where a developer lacks something the run goes on; where changes are judged it does not."""
    print(f"Not tested. {reason}", flush=True)
    return not IS_CI


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
