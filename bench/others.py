"""The servers that ours is compared with, each ready to answer a page of like size."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import brotli

from bench.context import PATH, Bench
from bench.load import BROWSER
from bench.servers import ROOT, Served, command_in, gunicorn
from iop_site.launch.folders import only_one
from iop_site.progress import bar

PLAIN = "bench.contenders.plain"
WAGTAIL = Path(__file__).parent / "contenders" / "wagtail"
WAGTAIL_REQUIREMENTS = Path(__file__).with_name("requirements-wagtail.txt")
MEASURED = "/measured/"
# What the server adds by itself.
OF_THE_SERVER = {"date", "connection", "server"}
NEEDED = {"content-type", "content-length", "content-encoding"}


# --- The floor ------------------------------------------------------------------------------------------------------


def floor(bench: Bench, stack: ExitStack, name: str, ours: Served, **asked: str) -> Served:
    """A bare WSGI callable that answers what `ours` answers: the same headers and bytes."""
    status, headers, body = ours.get(PATH, BROWSER | asked)
    return _answering(bench, stack, name, status, headers, body)


def bare_floor(bench: Bench, stack: ExitStack, ours: Served) -> Served:
    """The same bytes, and of the headers only what browsers cannot do without."""
    status, headers, body = ours.get(PATH, BROWSER)
    needed = {name: value for name, value in headers.items() if name in NEEDED}
    return _answering(bench, stack, "floor_bare", status, needed, body)


def _answering(bench: Bench, stack: ExitStack, name: str, status: int, headers: dict[str, str], body: bytes) -> Served:
    file = bench.folder / f"{name}.json"
    own = [(key.title(), value) for key, value in headers.items() if key not in OF_THE_SERVER]
    words = {200: "200 OK", 304: "304 Not Modified"}[status]
    file.write_text(json.dumps({"status": words, "headers": own, "body": body.hex()}), encoding="ascii")
    application = "bench.contenders.floor:application"
    return stack.enter_context(gunicorn(application, PATH, bench.folder, FLOOR=str(file)))


def static_file(bench: Bench, stack: ExitStack, ours: Served) -> Served:
    """WhiteNoise with the page's bytes as a file, compressed beforehand."""
    folder = bench.folder / "files"
    folder.mkdir()
    html = ours.get(PATH)[2]
    (folder / "page.html").write_bytes(html)
    (folder / "page.html.br").write_bytes(brotli.compress(html, mode=brotli.MODE_TEXT))
    application = "bench.contenders.static_file:application"
    return stack.enter_context(gunicorn(application, "/page.html", bench.folder, FILES=str(folder)))


# --- Django ---------------------------------------------------------------------------------------------------------


@functools.cache
def plain_database(bench: Bench) -> str:
    """The address of the usual Django project's database, filled."""
    address = bench.database("plain")
    variables = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": f"{PLAIN}.settings"}
    command_in("-m", "django", "migrate", "--run-syncdb", "--verbosity=0", **variables)
    command_in("-m", f"{PLAIN}.fill", given=bench.text.json, **variables)
    return address


def plain(bench: Bench, stack: ExitStack, address: str, *, is_cached: bool = False) -> Served:
    return stack.enter_context(
        gunicorn(
            f"{PLAIN}.wsgi:application",
            MEASURED,
            bench.folder,
            DATABASE_URL=address,
            DJANGO_SETTINGS_MODULE=f"{PLAIN}.settings",
            CACHED="yes" if is_cached else "no",
        )
    )


# --- Wagtail --------------------------------------------------------------------------------------------------------


def wagtail(bench: Bench, stack: ExitStack) -> tuple[Served, Served]:
    """The starter project with one page type: as it is, and with Django's cache."""
    environment = wagtail_environment(bench.cache)
    python = environment / "bin" / "python"
    bench.versions["Wagtail"] = command_in("-c", "import wagtail; print(wagtail.__version__)", python=python).strip()
    project = bench.folder / "wagtail"
    project.mkdir()
    with bar(total=4, label="Setting up Wagtail") as step:
        start = "from wagtail.bin.wagtail import main; main()"
        command_in("-c", start, "start", "mysite", str(project), python=python, cwd=bench.folder)
        shutil.copytree(WAGTAIL, project, dirs_exist_ok=True)
        step(1)
        variables = {"DATABASE_URL": bench.database("wagtail"), "DJANGO_SETTINGS_MODULE": "mysite.settings.bench"}
        for command in ("makemigrations", "migrate", "collectstatic"):
            options = ["--no-input", "--verbosity=0"]
            command_in("manage.py", command, *options, cwd=project, python=python, **variables)
            step(1)
        command_in("fill.py", cwd=project, python=python, given=bench.text.json, **variables)

    def serve(**cache: str) -> Served:
        application = "mysite.wsgi:application"
        return stack.enter_context(
            gunicorn(application, MEASURED, bench.folder, python=python, cwd=project, **variables, **cache)
        )

    return serve(CACHED="no"), serve(CACHED="yes")


def wagtail_environment(cache: Path) -> Path:
    """A virtual environment with requirements-wagtail.txt, made when it is not there or not as that file says."""
    # By that name, what looks through the project's files passes it by.
    folder, wanted = cache / "wagtail" / ".venv", WAGTAIL_REQUIREMENTS.read_text(encoding="utf-8")
    stamp = folder / "installed.txt"
    cache.mkdir(parents=True, exist_ok=True)
    with only_one(cache, while_waiting="Waiting: another run is installing Wagtail."):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return folder
        print(f"Installing Wagtail into {folder} (a minute, the first time)", file=sys.stderr, flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=False).returncode
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if made or subprocess.run([*pip, "--requirement", WAGTAIL_REQUIREMENTS], cwd=ROOT, check=False).returncode:
            sys.exit(
                "Cannot measure: Wagtail could not be installed; pip's words are above. Without it:"
                " `.venv/bin/python -m bench form enquiry busy growth publishing memory start`."
            )
        stamp.write_text(wanted, encoding="utf-8")
    return folder
