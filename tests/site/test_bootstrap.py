"""deploy/bootstrap.py as a person meets it whose machine lacks something: one sentence, exit code 1, no traceback."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.launched import ROOT
from tests.settings import clean_environment

OFFLINE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with just enough in it to reach the installation, and a requirement that no machine has."""
    for name in (
        "deploy/bootstrap.py",
        "iop_site/__init__.py",
        "iop_site/launch/__init__.py",
        "iop_site/launch/folders.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "requirements.txt").write_text("a-package-that-is-nowhere==1.0\n")
    return tmp_path


def run(checkout: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Exit code, and everything that was said."""
    pip = {name: value for name, value in clean_environment().items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [sys.executable, "deploy/bootstrap.py", *arguments],
        cwd=checkout,
        env=pip | OFFLINE | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert "Traceback" not in done.stdout
    return done.returncode, done.stdout


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "deploy" / "bootstrap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_it() -> None:
    ast.parse((ROOT / "deploy" / "bootstrap.py").read_text(), feature_version=(3, 6))


def test_a_wrong_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = loaded()
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "run"])
    with pytest.raises(
        SystemExit, match=r"^Cannot start: this is Python 3\.10, and the site needs Python 3\.11 or newer"
    ):
        bootstrap.main()


def test_no_network_is_one_sentence(checkout: Path) -> None:
    code, output = run(checkout, "run")
    assert code == 1
    assert "Cannot start: the packages of requirements.txt cannot be fetched" in output
    assert "connected to the internet" in output
    code, output = run(checkout, "run")
    assert code == 1, "a half-made environment must not pass for a whole one"


def test_no_venv_module_is_one_sentence(checkout: Path, tmp_path: Path) -> None:
    """Debian's Python without python3-venv has no ensurepip."""
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    (lacking / "ensurepip.py").write_text("raise ImportError('no ensurepip')")
    code, output = run(checkout, "run", PYTHONPATH=str(lacking))
    assert code == 1
    assert output == (
        "Cannot start: this Python has no venv module: install it, on Debian with `sudo apt install python3-venv`.\n"
    )
    assert not (checkout / ".venv").exists()


def test_a_data_folder_that_cannot_be_written_is_found_before_anything_is_installed(checkout: Path) -> None:
    (checkout / "var").touch()
    code, output = run(checkout, "run")
    assert code == 1
    assert output.startswith(f"Cannot start: The folder {checkout / 'var'} cannot be written")
    assert output.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_an_unknown_command_is_one_sentence(checkout: Path) -> None:
    assert run(checkout, "fly") == (1, "Cannot start: say what to do: audit or bench or faults or run or test.\n")


def test_what_is_installed_is_not_installed_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = loaded()
    monkeypatch.setattr(bootstrap, "ROOT", str(checkout))
    monkeypatch.setattr(bootstrap, "VENV", str(checkout / ".venv"))
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", str(checkout / ".venv" / "bin" / "python"))
    assert not bootstrap.is_installed("requirements.txt")
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    Path(bootstrap.stamp_path("requirements.txt")).write_text(bootstrap.stamp_of("requirements.txt"))
    assert bootstrap.is_installed("requirements.txt")
    (checkout / "requirements.txt").write_text("another-package==2.0\n")
    assert not bootstrap.is_installed("requirements.txt")
