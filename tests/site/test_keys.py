from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pyrage
import pytest

from iop_site.launch import keys
from iop_site.launch.__main__ import announce
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


def test_a_private_key_is_known_by_its_public_half_and_kept_where_it_cannot_be_read(tmp_path: Path) -> None:
    keys.make_key_pairs(tmp_path)
    path = tmp_path / "keys" / "recovery.key"
    assert keys.is_key_of(path, path.with_suffix(".pub").read_text().strip())
    assert not keys.is_key_of(path, (tmp_path / "keys" / "staff.pub").read_text().strip())
    path.write_text("half of a k")
    assert keys.is_key_of(path, "age1another")


def test_a_former_recovery_key_is_not_the_one_to_keep(tmp_path: Path, settings: Any, capsys: Any) -> None:
    keys.make_key_pairs(tmp_path)
    settings.DATA_DIR, settings.HAS_STAFF = tmp_path, True
    settings.ENQUIRY_RECOVERY_PUBLIC_KEY = (tmp_path / "keys" / "recovery.pub").read_text().strip()
    announce()
    assert "recovery.key opens every enquiry" in capsys.readouterr().out
    settings.ENQUIRY_RECOVERY_PUBLIC_KEY = str(pyrage.x25519.Identity.generate().to_public())
    announce()
    said = capsys.readouterr().out
    assert "recovery.key is a former one" in said
    assert "rotate_keys" in said
    assert "opens every enquiry" not in said
