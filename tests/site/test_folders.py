from __future__ import annotations

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from iop_site.launch.folders import CannotStart, make_writable, only_one


def test_a_folder_is_made_for_this_user_alone_and_left_empty(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_writable(folder, "set DATA_DIR to another folder")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


def test_a_file_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(CannotStart, match=r"var cannot be written \(.+\): make it writable, or set DATA_DIR"):
        make_writable(tmp_path / "var", "set DATA_DIR to another folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_of_somebody_else_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotStart, match="Permission denied"):
        make_writable(tmp_path, "set DATA_DIR to another folder")


def test_the_second_waits_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    entered = threading.Event()

    def second() -> None:
        with only_one(tmp_path, while_waiting="Waiting."):
            entered.set()

    thread = threading.Thread(target=second)
    thread.start()
    assert not entered.wait(0.3)
    os.close(holder)
    thread.join(10)
    assert entered.is_set()
    assert capsys.readouterr().out == "Waiting.\n"


def test_the_first_does_not_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_one(tmp_path, while_waiting="Waiting."):
        pass
    assert capsys.readouterr().out == ""
