"""Ctrl-C leaves nothing half done, and an export is of one moment."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from content.models import Page
from content.transfer import importing
from content.transfer.exporting import export_site, snapshot
from iop_site import progress
from tests.content.factories import make_live_page, make_page
from tests.content.transferring import everything, export_full_site, files, make_full_site
from tests.settings import clean_environment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder / "site.zip"


def stopping_at(label: str) -> progress.Bar:
    """A bar at which somebody presses Ctrl-C when half of what it is about is done."""

    @contextmanager
    def bar(*, total: int, label: str, unit: str = "") -> Iterator[progress.Step]:
        done = 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            if label == stop and done * 2 >= total:
                raise KeyboardInterrupt

        yield step

    stop = label
    return bar


@pytest.mark.parametrize("label", ["Records", "Pictures"])
def test_an_export_that_is_stopped_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    make_full_site()
    monkeypatch.setattr("content.management.commands.export_site.bar", stopping_at(label))
    with pytest.raises(CommandError, match="Stopped") as stopped:
        call_command("export_site", path)
    assert stopped.value.returncode == 130
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "label", ["Checking sums", "Checking records", "Checking pictures", "Importing records", "Importing pictures"]
)
def test_an_import_that_is_stopped_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    export_full_site(path)
    User.objects.all().delete()
    before = everything()
    monkeypatch.setattr("content.management.commands.import_site.bar", stopping_at(label))
    with pytest.raises(CommandError, match="Stopped") as stopped:
        call_command("import_site", path)
    assert stopped.value.returncode == 130
    assert everything() == before
    assert files() == {}
    assert not User.objects.exists()


def test_pictures_stay_when_it_is_stopped_after_the_very_end(path: Path) -> None:
    make_full_site()
    before = files()
    assert before
    importing._remove_files(list(before))
    assert files() == before


SLOW_COMMAND = """
import sys, time, django
from contextlib import contextmanager
from importlib import import_module
from django.core.management import execute_from_command_line

@contextmanager
def slow(**options):
    print("It has begun.", flush=True)
    time.sleep(60)
    yield

django.setup()
import_module(f"content.management.commands.{sys.argv[1]}").bar = slow
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.mark.parametrize(("command", "nothing"), [("export_site", "exported"), ("import_site", "imported")])
def test_ctrl_c_ends_the_real_command_with_a_sentence(
    tmp_path: Path, path: Path, migrated: Path, command: str, nothing: str
) -> None:
    if command == "import_site":
        export_site(path)
    data_dir = shutil.copytree(migrated, tmp_path / "data")
    environment = clean_environment() | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "iop_site.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_COMMAND, command, path],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "It has begun.\n"
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (output, errors) == ("", f"CommandError: Stopped. Nothing was {nothing}.\n")
    assert list(path.parent.iterdir()) == ([path] if command == "import_site" else [])


# One moment


@pytest.mark.django_db(transaction=True)
def test_an_export_is_of_one_moment_whatever_others_write_meanwhile(path: Path) -> None:
    make_live_page()

    def write() -> None:
        make_page()
        connection.close()

    with snapshot():
        assert Page.objects.count() == 1
        other = threading.Thread(target=write)
        other.start()
        other.join(10)
        assert not other.is_alive()
        assert Page.objects.count() == 1
    assert Page.objects.count() == 2
