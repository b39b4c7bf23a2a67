from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from iop_site import prepared
from iop_site.launch import preparation
from iop_site.launch.folders import CannotStart
from iop_site.launch.preparation import static_sources


@pytest.fixture
def checkout(settings: Any, tmp_path: Path) -> Path:
    """A small project with its data inside, as `make run` has it by default."""
    settings.BASE_DIR, settings.STATICFILES_DIRS = tmp_path, [tmp_path / "static"]
    for name in ("static", "iop_site", "var/static"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("static/site.css", "iop_site/storage.py", "requirements.txt"):
        (tmp_path / name).write_text("1")
    return tmp_path


@pytest.mark.parametrize("name", ["static/site.css", "static/new.css", "iop_site/storage.py", "requirements.txt"])
def test_files_are_collected_again_when_what_they_are_made_from_changes(checkout: Path, name: str) -> None:
    before = static_sources()
    (checkout / name).write_text("2")
    assert static_sources() != before


def test_what_was_collected_does_not_count_as_a_source(checkout: Path) -> None:
    before = static_sources()
    (checkout / "var/static/site.css").write_text("collected")
    assert static_sources() == before


def answer(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(preparation.connection, "ensure_connection", fail)


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_a_database_that_was_prepared_and_is_away_does_not_keep_the_site_from_starting(
    data_dir: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, OperationalError("connection refused\nby 10.0.0.3"))
    with pytest.raises(CannotStart, match=r"does not answer \(connection refused\): start it, or"):
        preparation.answers()
    prepared.note(data_dir, settings.DATABASES["default"])
    assert not preparation.answers()
    said = capsys.readouterr().out
    assert "does not answer (connection refused). Starting without it" in said
    assert f"remove {data_dir / prepared.FILE}" in said


def test_what_is_set_wrongly_does(data_dir: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note(data_dir, settings.DATABASES["default"])
    answer(monkeypatch, ImproperlyConfigured("no name"))
    with pytest.raises(CannotStart, match="no name"):
        preparation.answers()


def test_while_it_is_away_only_static_files_are_seen_to(
    data_dir: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    for step in ("migrate", "collect_static_files", "load_sample_program", "make_staff_account", "fill_search_index"):
        monkeypatch.setattr(preparation, step, lambda *args, step=step: done.append(step))
    prepared.note(data_dir, settings.DATABASES["default"])
    answer(monkeypatch, OperationalError())
    preparation.prepare()
    assert done == ["collect_static_files"]


@pytest.mark.django_db
def test_an_empty_database_in_the_place_of_one_that_was_prepared_is_left_alone(data_dir: Path, settings: Any) -> None:
    prepared.note(data_dir, settings.DATABASES["default"])
    MigrationRecorder.Migration.objects.all().delete()
    with pytest.raises(CannotStart, match=rf"is empty, and it was not before: .* remove {data_dir / prepared.FILE}"):
        preparation.migrate()
