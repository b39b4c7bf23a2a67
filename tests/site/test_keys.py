from __future__ import annotations

import stat
from pathlib import Path

import pyrage
import pytest

from iop_site.launch import keys
from iop_site.launch.folders import CannotStart


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_key_is_made_for_this_user_alone(tmp_path: Path) -> None:
    assert keys.make_secret_key(tmp_path)
    path = tmp_path / "secrets" / "secret_key"
    assert len(path.read_text().strip()) == 64
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_a_secret_key_is_never_overwritten(tmp_path: Path) -> None:
    keys.make_secret_key(tmp_path)
    before = (tmp_path / "secrets" / "secret_key").read_text()
    assert not keys.make_secret_key(tmp_path)
    keys.write_once(tmp_path / "secrets" / "secret_key", "another")
    assert (tmp_path / "secrets" / "secret_key").read_text() == before


def test_two_pairs_are_made_and_each_opens_what_it_sealed(tmp_path: Path) -> None:
    assert keys.make_key_pairs(tmp_path) == ["staff", "recovery"]
    read = {path.name: path.read_text().strip() for path in (tmp_path / "keys").iterdir()}
    assert sorted(read) == ["recovery.key", "recovery.pub", "staff.key", "staff.pub"]
    assert read["staff.pub"] != read["recovery.pub"]
    for name in ("staff", "recovery"):
        sealed = pyrage.encrypt(b"words", [pyrage.x25519.Recipient.from_str(read[f"{name}.pub"])])
        assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(read[f"{name}.key"])]) == b"words"


def test_keys_are_for_this_user_alone(tmp_path: Path) -> None:
    keys.make_key_pairs(tmp_path)
    assert mode(tmp_path / "keys") == 0o700
    assert {mode(path) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_pairs_are_never_overwritten(tmp_path: Path) -> None:
    keys.make_key_pairs(tmp_path)
    before = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert keys.make_key_pairs(tmp_path) == []
    assert {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()} == before


def test_a_private_key_that_was_moved_offline_is_not_made_anew(tmp_path: Path) -> None:
    keys.make_key_pairs(tmp_path)
    (tmp_path / "keys" / "recovery.key").unlink()
    assert keys.make_key_pairs(tmp_path) == []
    assert not (tmp_path / "keys" / "recovery.key").exists()


def test_a_lost_public_key_comes_back_from_its_private_half(tmp_path: Path) -> None:
    keys.make_key_pairs(tmp_path)
    public = tmp_path / "keys" / "staff.pub"
    before = public.read_text()
    public.unlink()
    assert keys.make_key_pairs(tmp_path) == []
    assert public.read_text() == before


def test_a_lost_public_key_is_the_current_ones(tmp_path: Path) -> None:
    current, former = (pyrage.x25519.Identity.generate() for _ in range(2))
    keys.write_once(tmp_path / "keys" / "staff.key", f"{current}\n{former}")
    keys.make_key_pairs(tmp_path)
    assert (tmp_path / "keys" / "staff.pub").read_text().strip() == str(current.to_public())


def test_what_is_written_anew_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    for text in ("former", "new"):
        keys.write_anew(tmp_path / "keys" / "staff.pub", text)
    assert [(path.name, path.read_text(), mode(path)) for path in (tmp_path / "keys").iterdir()] == [
        ("staff.pub", "new\n", 0o600)
    ]


def test_a_private_key_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    keys.write_once(tmp_path / "keys" / "staff.key", "nonsense")
    with pytest.raises(CannotStart, match=r"staff\.key is not an age key"):
        keys.make_key_pairs(tmp_path)
