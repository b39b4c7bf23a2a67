from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from admissions import sealing
from tests.admissions.keys import key_file, key_pair
from tests.factories import make_enquiry

SECRET = "my daughter came home from the hospital"


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_with_either_key_and_unchanged(plaintext: bytes) -> None:
    (staff, staff_public), (recovery, recovery_public) = key_pair(), key_pair()
    sealed = sealing.seal(plaintext, [staff_public, recovery_public])
    assert sealing.open_sealed(sealed, staff) == plaintext
    assert sealing.open_sealed(sealed, recovery) == plaintext


def test_sealed_bytes_are_an_age_file_without_the_plaintext() -> None:
    sealed = sealing.seal(SECRET.encode(), [key_pair()[1]])
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert b"hospital" not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    payload = {"note": SECRET}
    assert sealing.seal_payload(payload) != sealing.seal_payload(payload)


def test_a_payload_is_sealed_to_the_staff_key_and_to_the_recovery_key() -> None:
    sealed = sealing.seal_payload({"name": "Alex"})
    recovery = (settings.DATA_DIR / "keys" / "recovery.key").read_text().strip()
    for identity in (settings.ENQUIRY_STAFF_KEY, recovery):
        assert json.loads(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])) == {
            "schema": 2,
            "name": "Alex",
        }


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["staff", "recovery"])
def test_an_enquiry_opens_with_the_plain_age_command(name: str, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("The age command is not there: install Debian's age.")
        pytest.skip("no age command")
    key = (settings.DATA_DIR / "keys" / f"{name}.key").read_text().strip()
    sealed = make_enquiry().sealed
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", key_file(tmp_path, key)], input=sealed, capture_output=True, timeout=60
    )
    assert opened.returncode == 0, opened.stderr
    assert json.loads(opened.stdout)["name"] == "Alex Rivera"


def test_former_keys_open_as_well_as_the_current_one() -> None:
    (current, current_public), (former, former_public) = key_pair(), key_pair()
    text = f"# public key: {current_public}\n{current}\n\n{former} # until March\n"
    for public in (current_public, former_public):
        assert sealing.open_sealed(sealing.seal(b"words", [public]), text) == b"words"
    assert [str(key) for key in sealing.identities(f"{current} {former}")] == [current, former]


@pytest.mark.parametrize("text", ["", "# only a comment", "{key}\nAGE-SECRET-KEY-1TYPO", "{key},{key}"])
def test_a_list_with_something_that_is_no_key_is_refused_whole(text: str) -> None:
    key = key_pair()[0]
    with pytest.raises(sealing.StaffKeyMissing) as caught:
        sealing.open_sealed(b"", text.format(key=key))
    assert key not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_wrong_key_is_one_sentence_without_what_was_sealed() -> None:
    sealed = sealing.seal(SECRET.encode(), [key_pair()[1]])
    with pytest.raises(sealing.SealBroken) as caught:
        sealing.open_sealed(sealed, key_pair()[0])
    assert "the staff key here is not the one" in str(caught.value)
    assert "age-encryption" not in str(caught.value)


@pytest.mark.parametrize("damage", [lambda sealed: sealed[:-1], lambda sealed: b"", lambda sealed: b"not an age file"])
def test_damaged_bytes_are_broken(damage) -> None:
    identity, recipient = key_pair()
    with pytest.raises(sealing.SealBroken):
        sealing.open_sealed(damage(sealing.seal(SECRET.encode(), [recipient])), identity)


def test_a_staff_key_that_is_none_is_not_quoted() -> None:
    with pytest.raises(sealing.StaffKeyMissing) as caught:
        sealing.open_sealed(b"", "AGE-SECRET-KEY-1TYPO")
    assert "TYPO" not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_without_the_staff_key_there_is_a_sentence_that_says_how_to_mend_it(settings) -> None:
    settings.ENQUIRY_STAFF_KEY = ""
    with pytest.raises(
        sealing.StaffKeyMissing,
        match=r"^Tell whoever runs this site: the staff key is not here.*The setting is ENQUIRY_STAFF_KEY",
    ):
        sealing.staff_identity()


@pytest.mark.parametrize("name", ["ENQUIRY_STAFF_PUBLIC_KEY", "ENQUIRY_RECOVERY_PUBLIC_KEY"])
@pytest.mark.parametrize("value", ["", "age1thisisnokey"])
def test_nothing_is_sealed_unless_both_public_keys_are_good(settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(sealing.SealingUnavailable):
        sealing.seal_payload({"note": SECRET})


@pytest.mark.parametrize("plaintext", [b'{"schema": 3, "name": "Alex"}', b'{"name": "Alex"}', b"[1]", b"\xff", b"Alex"])
def test_a_payload_that_is_not_understood_is_broken_and_not_quoted(plaintext: bytes) -> None:
    identity, recipient = key_pair()
    with pytest.raises(sealing.SealBroken) as caught:
        sealing.open_payload(sealing.seal(plaintext, [recipient]), identity)
    assert "Alex" not in str(caught.value)


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert (
        sealing.canonical({"b": "ñ", "a": [1]})
        == sealing.canonical({"a": [1], "b": "ñ"})
        == '{"a":[1],"b":"ñ"}'.encode()
    )


def test_it_imports_no_models() -> None:
    code = "import sys, admissions.sealing; sys.exit('django.db.models' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
