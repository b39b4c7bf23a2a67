"""export_site and import_site as they are called: what they say, and how they are stopped."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from content.models import Page, WritingRule
from content.transfer import archive, importing
from content.transfer.exporting import export_site
from iop_site import progress
from tests.content.factories import make_page
from tests.content.transferring import contents, empty_site, files, make_full_site, make_picture
from tests.settings import clean_environment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder / "site.zip"


def said(command: str, *arguments: Any) -> str:
    output = StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue()


def refusal(command: str, *arguments: Any) -> str:
    with pytest.raises(CommandError) as refused:
        call_command(command, *arguments)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


# What they say


def test_they_say_what_they_did(path: Path) -> None:
    make_full_site()
    assert "4 pages, 3 versions, 4 publications and 2 clinical reviews" in said("export_site", path)
    empty_site()
    connection.check_constraints()
    User.objects.filter(username="wren").delete()
    text = said("import_site", path)
    assert "Imported 1 level of care, " in text
    assert "UTC" in text
    assert "Taken to be the accounts of the same name here: rosa." in text
    assert "Accounts were made, switched off and without a password, for: wren." in text


def test_there_is_no_bar_where_nobody_looks(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_page()
    call_command("export_site", path)
    assert capsys.readouterr().err == ""


def test_there_is_a_bar_on_a_terminal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    make_full_site()
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    said("export_site", path)
    empty_site()
    said("import_site", path)
    for label in (
        "Records",
        "Pictures",
        "Checking sums",
        "Checking records",
        "Importing records",
        "Importing pictures",
    ):
        assert f"{label}: " in terminal.getvalue()


# What stands in the way of an export


def test_a_file_that_is_there_is_replaced_only_when_asked(path: Path) -> None:
    path.write_text("Mine.")
    assert "is there already: name another file, or add --force" in refusal("export_site", path)
    assert path.read_text() == "Mine."
    said("export_site", path, "--force")
    assert "pages.jsonl" in contents(path)


def test_a_file_that_came_in_between_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.os, "fsync", lambda _file: path.write_text("Mine."))
    assert "is there already" in refusal("export_site", path)
    assert [found.read_text() for found in path.parent.iterdir()] == ["Mine."]


def test_what_is_no_file_is_never_replaced(path: Path) -> None:
    assert "is not a file: name another" in refusal("export_site", path.parent, "--force")
    assert "is not a file: name another" in refusal("export_site", "/dev/null", "--force")


def test_a_folder_that_is_not_there(path: Path) -> None:
    assert "cannot be written: no such file or directory" in refusal("export_site", path.parent / "no" / "site.zip")


def test_a_picture_whose_file_is_missing(path: Path) -> None:
    picture = make_picture()
    default_storage.delete(picture.file_names()[0])
    assert "upload the same picture again" in refusal("export_site", path)
    assert list(path.parent.iterdir()) == []


def no_space(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_is_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.os, "fsync", no_space)
    assert "cannot be written: no space left on device. Nothing was exported." in refusal("export_site", path)
    assert list(path.parent.iterdir()) == []


def test_a_disk_that_really_is_full(path: Path) -> None:
    """A file that may not grow any more stands in for it, in a process of its own."""
    script = (
        "import resource, signal, sys, django; from pathlib import Path; django.setup();"
        "from content.transfer.archive import TransferRefused, written\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    with written(Path(sys.argv[1]), force=False) as writer:\n"
        "        writer.add_records('pages.jsonl', ({'id': n, 'x': str(hash(str(n)))} for n in range(100_000)))\n"
        "except TransferRefused as refused:\n"
        "    print(refused)\n"
    )
    environment = clean_environment() | {"DJANGO_SETTINGS_MODULE": "iop_site.settings"}
    done = subprocess.run([sys.executable, "-c", script, path], cwd=ROOT, env=environment, capture_output=True)
    assert "cannot be written: file too large. Nothing was exported." in done.stdout.decode()
    assert done.stderr == b""
    assert list(path.parent.iterdir()) == []


# What stands in the way of an import; everything about its file is in test_transfer_refused.py


def test_an_import_says_what_is_wrong_with_its_file(path: Path) -> None:
    path.write_text("Hello.")
    assert f"{path} is not a zip file. Nothing was imported." in refusal("import_site", path)


def test_a_database_that_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_full_site()
    export_site(path)
    empty_site()

    def full(*args: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(importing, "_write_files", full)
    expected = "The database refused: database or disk is full. Nothing was imported."
    assert refusal("import_site", path) == expected
    assert not Page.objects.exists()


def test_a_disk_that_is_too_full_for_the_pictures(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_full_site()
    export_site(path)
    empty_site()
    save, saved = default_storage.save, []

    def save_two(name: str, content: Any) -> str:
        saved.append(name)
        return save(name, content) if len(saved) < 3 else no_space()

    monkeypatch.setattr(default_storage._wrapped, "save", save_two)
    assert "A picture cannot be written: no space left on device. Nothing was imported." in refusal("import_site", path)
    assert len(saved) == 3
    assert files() == {}
    assert not Page.objects.exists()


def test_a_refused_import_leaves_a_site_that_can_be_worked_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL, sequences stay as they were set although everything else is taken back."""
    before = list(WritingRule.objects.order_by("pk").values_list("pk", flat=True))
    assert before
    make_full_site()
    WritingRule.objects.exclude(phrase="our own rule").delete()
    export_site(path)
    empty_site()
    WritingRule.objects.bulk_create([WritingRule(pk=pk, kind="claim", phrase=f"x{pk}") for pk in before])
    monkeypatch.setattr(importing, "refuse_unless_empty", lambda: None)
    monkeypatch.setattr(default_storage._wrapped, "save", no_space)
    refusal("import_site", path)
    assert WritingRule.objects.count() == len(before)
    assert WritingRule.objects.create(kind="claim", phrase="a new one").pk > before[-1]
