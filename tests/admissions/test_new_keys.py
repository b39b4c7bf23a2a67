"""`manage.py new_keys`, typed into as a person does."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
import segno
from django.core.management import CommandError, call_command

from admissions import keys, sealing
from iop_site.launch.keys import make_key_pairs
from tests.admissions.keys import key_pair, opens

SHOWN = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
Act = Callable[[str], str]


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site on which no key was made yet."""
    settings.DATA_DIR = tmp_path
    settings.ENQUIRY_STAFF_KEY = settings.ENQUIRY_STAFF_PUBLIC_KEY = settings.ENQUIRY_RECOVERY_PUBLIC_KEY = ""
    monkeypatch.setattr(keys, "is_terminal", lambda: True)
    return tmp_path


@pytest.fixture
def in_use(settings: Any, data_dir: Path) -> dict[str, str]:
    """What `make run` made, by file name."""
    make_key_pairs(data_dir)
    found = in_folder(data_dir / "keys")
    settings.ENQUIRY_STAFF_KEY = found["staff.key"]
    settings.ENQUIRY_STAFF_PUBLIC_KEY, settings.ENQUIRY_RECOVERY_PUBLIC_KEY = found["staff.pub"], found["recovery.pub"]
    return found


def in_folder(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text().strip() for path in folder.iterdir()} if folder.exists() else {}


def give_up(shown: str) -> str:
    raise KeyboardInterrupt


def end_of_input(shown: str) -> str:
    raise EOFError


def type_rightly(shown: str) -> str:
    return SHOWN.search(shown)[0]


def new_keys(monkeypatch: pytest.MonkeyPatch, *options: str, acts: tuple[Act, ...] = (str, type_rightly)) -> str:
    """What it says; `acts` answer one question after the other, and are given what was shown before."""
    out, left = io.StringIO(), list(acts)
    monkeypatch.setattr("builtins.input", lambda _question: left.pop(0)(out.getvalue()))
    call_command("new_keys", *options, stdout=out, stderr=io.StringIO())
    assert not left
    return out.getvalue()


# --- The recovery key -----------------------------------------------------------------------------------------------


def test_the_recovery_key_is_shown_and_only_its_public_half_is_kept(monkeypatch, data_dir: Path) -> None:
    said = new_keys(monkeypatch)
    key = SHOWN.search(said)[0]
    found = in_folder(data_dir / "keys")
    assert sorted(found) == ["recovery.pub", "staff.key", "staff.pub"]
    assert key not in found.values()
    sealed = sealing.seal(b"words", [found["staff.pub"], found["recovery.pub"]])
    assert opens(sealed, key)
    assert opens(sealed, found["staff.key"])


def test_it_is_shown_once_and_then_cleared_from_the_screen(monkeypatch) -> None:
    before, after = new_keys(monkeypatch).split("\x1b[H\x1b[2J\x1b[3J", 1)
    assert len(SHOWN.findall(before)) == 1
    assert not SHOWN.search(after)


def test_keys_are_for_this_user_alone(monkeypatch, data_dir: Path) -> None:
    new_keys(monkeypatch)
    assert stat.S_IMODE((data_dir / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (data_dir / "keys").iterdir()} == {0o600}


def test_the_code_holds_the_key_dark_on_light() -> None:
    key = key_pair()[0]
    rows = [row[8:-4] for row in keys.shown(key, in_blocks=True).splitlines() if row.startswith("\x1b[97;40m")]
    is_light = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}
    lines = [[is_light[character][half] for character in row] for row in rows for half in (0, 1)]
    code = segno.make(key, error="l", boost_error=False, micro=False)
    assert [[not light for light in line[2:-2]] for line in lines[2:31]] == [
        [bool(dot) for dot in r] for r in code.matrix
    ]


@pytest.mark.parametrize(
    "typed", [lambda key: key.lower(), lambda key: " ".join(keys.groups(key)), lambda key: f" {key[16:]}\t"]
)
def test_what_is_typed_back_may_have_spaces_and_small_letters(typed: Callable[[str], str]) -> None:
    key = key_pair()[0]
    assert keys.difference(typed(key), key) == ""


def test_the_group_that_is_wrong_is_named() -> None:
    key = "AGE-SECRET-KEY-1" + "QPZRY9" * 9 + "X8GF"
    assert keys.difference(key[:30] + "0" + key[31:], key) == "Group 3 is the first that is not right."
    assert keys.difference(key[:-1], key).startswith("Group 10 is the first that is not right. 57 characters came")
    assert "59 characters came" in keys.difference(f"{key}Q", key)
    assert "Group 1 is" in keys.difference("", key)


def test_a_wrong_copy_is_asked_for_again(monkeypatch, data_dir: Path) -> None:
    said = new_keys(monkeypatch, acts=(str, lambda shown: "nonsense", type_rightly))
    assert "Group 1 is the first that is not right." in said
    assert in_folder(data_dir / "keys")


@pytest.mark.parametrize("acts", [(give_up,), (str, give_up), (str, lambda shown: "wrong", end_of_input)])
def test_giving_up_leaves_nothing_behind(monkeypatch, data_dir: Path, acts: tuple[Act, ...]) -> None:
    with pytest.raises(CommandError, match="Nothing was made and nothing has changed") as caught:
        new_keys(monkeypatch, acts=acts)
    assert caught.value.returncode == 130
    assert list(data_dir.iterdir()) == []


def test_giving_up_leaves_what_was_there(monkeypatch, in_use: dict[str, str], data_dir: Path) -> None:
    with pytest.raises(CommandError):
        new_keys(monkeypatch, acts=(str, give_up))
    assert in_folder(data_dir / "keys") == in_use


def test_without_a_terminal_nothing_is_shown(monkeypatch, data_dir: Path) -> None:
    monkeypatch.setattr(keys, "is_terminal", lambda: False)
    with pytest.raises(CommandError, match="run new_keys in one"):
        new_keys(monkeypatch, acts=())
    assert list(data_dir.iterdir()) == []


# --- Keys that are in use -------------------------------------------------------------------------------------------


def test_a_staff_key_in_use_stays_behind_the_new_one(monkeypatch, in_use: dict[str, str], data_dir: Path) -> None:
    said = new_keys(monkeypatch)
    found = in_folder(data_dir / "keys")
    current, former = found["staff.key"].splitlines()
    assert former == in_use["staff.key"]
    assert str(pyrage.x25519.Identity.from_str(current).to_public()) == found["staff.pub"] != in_use["staff.pub"]
    assert found["recovery.pub"] != in_use["recovery.pub"]
    assert found["recovery.key"] == in_use["recovery.key"]
    assert "Restart the site" in said
    assert "Then run rotate_keys" in said


def test_the_recovery_key_can_stay(monkeypatch, in_use: dict[str, str], data_dir: Path) -> None:
    monkeypatch.setattr(keys, "is_terminal", lambda: False)
    new_keys(monkeypatch, "--staff-only", acts=())
    found = in_folder(data_dir / "keys")
    assert found["recovery.pub"] == in_use["recovery.pub"]
    assert found["staff.pub"] != in_use["staff.pub"]


def test_a_recovery_key_that_is_not_there_cannot_stay(monkeypatch, data_dir: Path) -> None:
    with pytest.raises(CommandError, match="leave --staff-only out"):
        new_keys(monkeypatch, "--staff-only", acts=())
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("written", [0, 1, 2])
def test_cut_short_at_any_point_whatever_is_sealed_opens(
    monkeypatch, in_use: dict[str, str], data_dir: Path, written: int
) -> None:
    write_anew, count = keys.write_anew, iter(range(written))

    def cut_short(path: Path, text: str) -> None:
        if next(count, None) is None:
            raise OSError(28, "No space left on device")
        write_anew(path, text)

    monkeypatch.setattr(keys, "write_anew", cut_short)
    with pytest.raises(CommandError, match="Nothing has become unreadable"):
        new_keys(monkeypatch)
    found = in_folder(data_dir / "keys")
    for public in (found["staff.pub"], in_use["staff.pub"]):
        assert sealing.open_sealed(sealing.seal(b"words", [public]), found["staff.key"]) == b"words"


def test_a_staff_key_that_is_none_is_refused_before_anything_is_shown(monkeypatch, data_dir: Path) -> None:
    (data_dir / "keys").mkdir()
    (data_dir / "keys" / "staff.key").write_text("AGE-SECRET-KEY-1TYPO")
    with pytest.raises(CommandError, match=r"staff\.key is not an age key") as caught:
        new_keys(monkeypatch, acts=())
    assert "TYPO" not in str(caught.value)
    assert in_folder(data_dir / "keys") == {"staff.key": "AGE-SECRET-KEY-1TYPO"}


def test_a_staff_key_that_is_elsewhere_is_asked_for(
    monkeypatch, settings, in_use: dict[str, str], data_dir: Path
) -> None:
    settings.ENQUIRY_STAFF_KEY = ""
    (data_dir / "keys" / "staff.key").unlink()
    said = new_keys(monkeypatch)
    assert "The staff key that was in use is not here." in said
    assert "Then run rotate_keys" in said


# --- Where --------------------------------------------------------------------------------------------------------


def test_in_another_folder_it_says_what_to_set_and_changes_nothing(
    monkeypatch, in_use: dict[str, str], data_dir: Path
) -> None:
    folder = data_dir / "new"
    said = new_keys(monkeypatch, "--dir", str(folder))
    found = in_folder(folder)
    assert f"ENQUIRY_STAFF_KEY_FILE={folder}/staff.key" in said
    assert f"ENQUIRY_STAFF_PUBLIC_KEY={found['staff.pub']}" in said
    assert f"ENQUIRY_RECOVERY_PUBLIC_KEY={found['recovery.pub']}" in said
    assert in_use["staff.key"] in found["staff.key"].splitlines()
    assert in_folder(data_dir / "keys") == in_use


def test_keys_that_the_environment_names_are_to_be_set_there(monkeypatch, in_use: dict[str, str]) -> None:
    monkeypatch.setenv("ENQUIRY_STAFF_PUBLIC_KEY", in_use["staff.pub"])
    assert "ENQUIRY_RECOVERY_PUBLIC_KEY=age1" in new_keys(monkeypatch)


def test_a_folder_that_cannot_be_is_refused_before_anything_is_shown(monkeypatch, data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(CommandError, match="No key can be written"):
        new_keys(monkeypatch, "--dir", str(data_dir / "file" / "keys"), acts=())


def test_the_public_surface_makes_no_private_key(monkeypatch, settings, data_dir: Path) -> None:
    settings.HAS_STAFF = False
    with pytest.raises(CommandError, match="No private key may lie"):
        new_keys(monkeypatch, acts=())
    assert list(data_dir.iterdir()) == []
