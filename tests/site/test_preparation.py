from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
