from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from admissions import drills, keys, sealing
from admissions.models import Enquiry, ReadRecord
from tests.admissions.keys import key_file, key_pair
from tests.factories import make_enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def recovery(settings: Any, tmp_path: Path) -> str:
    """The private half of the recovery key in use, which the site does not have."""
    settings.DATA_DIR = tmp_path
    key, settings.ENQUIRY_RECOVERY_PUBLIC_KEY = key_pair()
    return key


def drill(*options: str) -> str:
    out = io.StringIO()
    call_command("recovery_drill", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_enquiries_open_and_nothing_of_them_is_shown(recovery: str, tmp_path: Path) -> None:
    for _ in range(3):
        make_enquiry()
    said = drill("--key-file", key_file(tmp_path, recovery))
    assert "3 of 3 open." in said
    assert not any(word in said for word in ("Alex", "age-encryption", recovery))


def test_one_record_says_what_was_opened_before_it_is(recovery: str, tmp_path: Path, monkeypatch) -> None:
    """Also where none opens."""
    enquiries, recorded = [make_enquiry() for _ in range(2)], []
    monkeypatch.setattr(sealing, "open_payload", lambda *args: recorded.append(ReadRecord.objects.count()))
    drill("--key-file", key_file(tmp_path, recovery))
    record = ReadRecord.objects.get()
    assert recorded == [1, 1]
    assert (record.actor, record.action) == (None, ReadRecord.Action.DRILL)
    assert set(record.references) == {enquiry.reference for enquiry in enquiries}


def test_it_says_when_the_last_one_succeeded(recovery: str, tmp_path: Path) -> None:
    make_enquiry()
    file = key_file(tmp_path, recovery)
    assert "No drill has succeeded here yet." in drill("--key-file", file)
    assert timezone.now() - drills.last_at() < timedelta(minutes=1)
    assert "succeeded here: today." in drill("--key-file", file)
    for days, words in ((1, "yesterday"), (43, "43 days ago")):
        (tmp_path / "recovery-drill").write_text((timezone.now() - timedelta(days=days)).isoformat())
        assert f"succeeded here: {words}." in drill("--key-file", file)


def test_a_time_that_cannot_be_read_is_none(recovery: str, tmp_path: Path) -> None:
    (tmp_path / "recovery-drill").write_text("long ago")
    assert drills.last_at() is None


def test_one_that_does_not_open_fails_by_its_reference(recovery: str, tmp_path: Path) -> None:
    make_enquiry()
    broken = make_enquiry()
    Enquiry.objects.filter(pk=broken.pk).update(sealed=sealing.seal(b"{}", [key_pair()[1]]))
    with pytest.raises(CommandError, match=f"does not open {broken.reference}\\.") as caught:
        drill("--key-file", key_file(tmp_path, recovery))
    assert caught.value.returncode == 1
    assert drills.last_at() is None


def test_half_of_the_sample_are_the_newest_and_the_others_are_older(recovery: str) -> None:
    enquiries = [make_enquiry() for _ in range(6)]
    seen = set()
    for _ in range(30):
        sample = {enquiry.pk for enquiry in drills._sample(4)}
        assert len(sample) == 4
        assert {enquiry.pk for enquiry in enquiries[-2:]} < sample
        seen |= sample
    assert seen == {enquiry.pk for enquiry in enquiries}


def test_what_was_erased_is_not_tried(recovery: str, tmp_path: Path) -> None:
    Enquiry.objects.filter(pk=make_enquiry().pk).update(sealed=None)
    make_enquiry()
    assert "1 of 1 open." in drill("--key-file", key_file(tmp_path, recovery))


def test_without_an_enquiry_nothing_is_proved(recovery: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no enquiry to try it on yet"):
        drill("--key-file", key_file(tmp_path, recovery))
    assert drills.last_at() is None


def test_the_key_can_be_typed_without_being_shown(recovery: str, monkeypatch) -> None:
    make_enquiry()
    monkeypatch.setattr(keys, "is_terminal", lambda: True)
    monkeypatch.setattr(keys, "getpass", lambda _question: " ".join(keys.groups(recovery.lower())))
    assert "1 of 1 open." in drill()


def test_the_staff_key_is_not_taken_for_it(recovery: str, settings, tmp_path: Path) -> None:
    make_enquiry()
    with pytest.raises(CommandError, match="not the recovery key that enquiries are sealed to now"):
        drill("--key-file", key_file(tmp_path, settings.ENQUIRY_STAFF_KEY))


def test_what_is_no_key_is_not_quoted(recovery: str, tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(CommandError, match="is not an age key") as caught:
        drill("--key-file", key_file(tmp_path, "AGE-SECRET-KEY-1TYPO"))
    assert "TYPO" not in str(caught.value)
    monkeypatch.setattr(keys, "is_terminal", lambda: True)
    monkeypatch.setattr(keys, "getpass", lambda _question: recovery[:-1])
    with pytest.raises(CommandError, match="That is not a whole age key") as caught:
        drill()
    assert recovery[20:30] not in str(caught.value)


def test_a_file_that_cannot_be_read_is_a_sentence(recovery: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        drill("--key-file", str(tmp_path / "nowhere"))
    (tmp_path / "picture").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="cannot be read: it is not text"):
        drill("--key-file", str(tmp_path / "picture"))


def test_without_a_terminal_a_file_is_asked_for(recovery: str, monkeypatch) -> None:
    monkeypatch.setattr(keys, "is_terminal", lambda: False)
    with pytest.raises(CommandError, match="name a file with --key-file"):
        drill()


def test_giving_up_is_no_success(recovery: str, monkeypatch) -> None:
    def give_up(_question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, "is_terminal", lambda: True)
    monkeypatch.setattr(keys, "getpass", give_up)
    with pytest.raises(CommandError, match="Stopped") as caught:
        drill()
    assert caught.value.returncode == 130


def test_the_database_away_is_a_sentence_that_quotes_nothing(recovery: str, tmp_path: Path, monkeypatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("DETAIL: (Alex Rivera)")

    monkeypatch.setattr(drills, "_sample", away)
    with pytest.raises(CommandError, match=r"The database fails \(OperationalError\)") as caught:
        drill("--key-file", key_file(tmp_path, recovery))
    assert "Alex" not in str(caught.value)


@pytest.mark.parametrize("size", ["0", "-1", "ten", "²"])
def test_a_size_that_is_none_is_refused(recovery: str, size: str) -> None:
    with pytest.raises(CommandError, match="is not a whole number from 1 on"):
        drill(f"--size={size}")
