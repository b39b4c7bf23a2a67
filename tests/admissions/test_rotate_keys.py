from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, models

from admissions import resealing, sealing, services
from admissions.models import Enquiry, EnquiryEvent, ReadRecord
from iop_site.launch.keys import write_once
from tests.admissions.keys import key_file, key_pair, opens, use_new_keys
from tests.factories import make_enquiry, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(resealing, "BATCH", 2)
    return tmp_path


@pytest.fixture
def enquiries() -> list[Enquiry]:
    """Three, with three notes and a step without one: six sealed texts."""
    enquiries = [make_enquiry(name=f"Alex {number}") for number in range(3)]
    for enquiry in enquiries:
        services.add_note(enquiry=enquiry, note=f"About {enquiry.reference}", actor=None)
    services.change_status(enquiry=enquiries[0], status="closed", actor=None)
    return enquiries


def rotate(*options: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def sealed_texts() -> list[bytes]:
    found = [row for model, _ in resealing.SEALED for row in model._default_manager.order_by("pk")]
    return [bytes(row.sealed) for row in found if row.sealed is not None]


def test_every_model_with_something_sealed_is_sealed_anew() -> None:
    sealed = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name == "sealed"
    }
    assert sealed == {model for model, _ in resealing.SEALED}


def test_everything_opens_with_the_new_keys_and_no_more_with_the_former(enquiries, settings) -> None:
    former = settings.ENQUIRY_STAFF_KEY
    staff, recovery = use_new_keys(settings)
    assert "\n6 sealed anew; 6 looked at." in rotate()
    assert [(opens(text, staff), opens(text, recovery)) for text in sealed_texts()] == [(True, True)] * 6
    assert not any(opens(text, former) for text in sealed_texts())


def test_one_record_a_run_and_a_word_about_restarting(enquiries, settings) -> None:
    use_new_keys(settings)
    assert "Restart every process of the site first" in rotate()
    record = ReadRecord.objects.get()
    assert (record.actor, record.action, record.references) == (None, ReadRecord.Action.ROTATE, [])
    rotate()
    assert ReadRecord.objects.count() == 2


def test_what_was_written_and_everything_beside_it_stays(enquiries, settings) -> None:
    def beside() -> list[Any]:
        return [
            list(model._default_manager.order_by("pk").values(*columns))
            for model, _ in resealing.SEALED
            if (columns := [field.name for field in model._meta.concrete_fields if field.name != "sealed"])
        ]

    before, texts = beside(), opened_texts(settings.ENQUIRY_STAFF_KEY)
    staff, _ = use_new_keys(settings)
    rotate()
    assert beside() == before
    assert opened_texts(staff) == texts


def opened_texts(key: str) -> list[dict[str, Any]]:
    return [sealing.open_payload(text, key) for text in sealed_texts()]


def test_staff_go_on_reading_before_and_after(enquiries, settings) -> None:
    actor = make_staff()

    def names() -> list[str]:
        opened = [services.open_enquiry(enquiry=one, actor=actor).person.name for one in Enquiry.objects.order_by("pk")]
        assert list(services.open_names(enquiries=enquiries, actor=actor).values()) == opened
        return opened

    use_new_keys(settings)
    assert names() == ["Alex 0", "Alex 1", "Alex 2"]
    rotate()
    for enquiry in enquiries:
        enquiry.refresh_from_db()
    settings.ENQUIRY_STAFF_KEY = settings.ENQUIRY_STAFF_KEY.splitlines()[0]
    assert names() == ["Alex 0", "Alex 1", "Alex 2"]


def test_a_second_run_touches_nothing(enquiries, settings) -> None:
    use_new_keys(settings)
    rotate()
    before = sealed_texts()
    assert "\n0 sealed anew; 6 looked at." in rotate()
    assert sealed_texts() == before


def test_stopped_it_says_what_is_left_and_goes_on_the_next_time(enquiries, settings, monkeypatch) -> None:
    staff, _ = use_new_keys(settings)
    seal, turns = sealing.seal, iter([True, True, True, False])

    def stop_at_the_third(plaintext: bytes, recipients: Any) -> bytes:
        if not next(turns):
            raise KeyboardInterrupt
        return seal(plaintext, recipients)

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "seal", stop_at_the_third)
        with pytest.raises(CommandError, match=r"2 were sealed anew, 4 are left to look at\.") as caught:
            rotate()
    assert caught.value.returncode == 130
    assert [opens(text, staff) for text in sealed_texts()] == [True, True, False, False, False, False]
    assert "\n4 sealed anew; 6 looked at." in rotate()


def test_what_is_erased_meanwhile_stays_erased(enquiries, settings, monkeypatch) -> None:
    use_new_keys(settings)
    seal = sealing.seal

    def withdrawn_meanwhile(plaintext: bytes, recipients: Any) -> bytes:
        if plaintext:
            Enquiry.objects.filter(pk=enquiries[0].pk).update(sealed=None)
            EnquiryEvent.objects.filter(enquiry=enquiries[0]).update(sealed=None)
        return seal(plaintext, recipients)

    monkeypatch.setattr(sealing, "seal", withdrawn_meanwhile)
    assert "\n4 sealed anew;" in rotate()
    enquiries[0].refresh_from_db()
    assert enquiries[0].sealed is None
    assert not EnquiryEvent.objects.filter(enquiry=enquiries[0], sealed__isnull=False).exists()


def test_what_no_key_opens_is_named_by_reference_and_stays(enquiries, settings) -> None:
    foreign = sealing.seal(b"their words", [key_pair()[1]])
    Enquiry.objects.filter(pk=enquiries[1].pk).update(sealed=foreign)
    use_new_keys(settings)
    with pytest.raises(CommandError) as caught:
        rotate()
    assert enquiries[1].reference in str(caught.value)
    assert not any(text in str(caught.value) for text in ("Alex", "age-encryption", enquiries[0].reference))
    enquiries[1].refresh_from_db()
    assert bytes(enquiries[1].sealed) == foreign


def test_when_the_staff_key_is_lost_the_recovery_key_opens_for_the_new_one(enquiries, settings, tmp_path) -> None:
    recovery, settings_recovery = key_pair()
    for enquiry in enquiries:
        text = sealing.open_sealed(enquiry.sealed, settings.ENQUIRY_STAFF_KEY)
        Enquiry.objects.filter(pk=enquiry.pk).update(sealed=sealing.seal(text, [settings_recovery]))
    EnquiryEvent.objects.update(sealed=None)
    staff, _ = use_new_keys(settings, former=False)
    with pytest.raises(CommandError, match="--recovery-key"):
        rotate()
    assert "\n3 sealed anew;" in rotate("--key-file", key_file(tmp_path, recovery))
    assert all(opens(text, staff) for text in sealed_texts())


def test_keys_that_do_not_go_together_are_refused(enquiries, settings) -> None:
    before = sealed_texts()
    settings.ENQUIRY_STAFF_KEY = f"{key_pair()[0]} {settings.ENQUIRY_STAFF_KEY}"
    with pytest.raises(CommandError, match="The first key in ENQUIRY_STAFF_KEY does not belong"):
        rotate()
    assert sealed_texts() == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ENQUIRY_STAFF_KEY", "", "the staff key is not here"),
        ("ENQUIRY_STAFF_KEY", "AGE-SECRET-KEY-1TYPO", "the staff key is not an age key"),
        ("ENQUIRY_RECOVERY_PUBLIC_KEY", "", "a public key is missing"),
        ("ENQUIRY_RECOVERY_PUBLIC_KEY", "age1typo", "is not an age key"),
    ],
)
def test_a_missing_or_wrong_key_is_one_sentence(settings, name: str, value: str, sentence: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=sentence) as caught:
        rotate()
    assert "TYPO" not in str(caught.value)


def test_the_database_away_is_a_sentence_that_quotes_nothing(settings, monkeypatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError("DETAIL: (Alex Rivera)")

    monkeypatch.setattr(resealing.Resealing, "run", away)
    with pytest.raises(CommandError, match=r"The database fails \(OperationalError\)") as caught:
        rotate()
    assert "Alex" not in str(caught.value)


def test_what_waits_in_the_spool_is_said(settings, data_dir: Path) -> None:
    (data_dir / "spool").mkdir()
    (data_dir / "spool" / "one.enquiry").touch()
    use_new_keys(settings)
    said = rotate()
    assert "1 enquiries wait" in said
    assert "No longer needed" not in said


def test_what_is_no_longer_needed_is_said(settings, data_dir: Path) -> None:
    assert "No longer needed" not in rotate()
    write_once(data_dir / "keys" / "recovery.key", key_pair()[0])
    _, recovery = use_new_keys(settings)
    said = rotate()
    assert "all lines but the first of staff.key" in said
    assert "recovery.key" in said
    (data_dir / "keys" / "recovery.key").write_text(recovery)
    assert "recovery.key" not in rotate()


def test_a_damaged_text_is_named_and_kept(enquiries, settings) -> None:
    damaged = bytes(enquiries[2].sealed)[:-1]
    Enquiry.objects.filter(pk=enquiries[2].pk).update(sealed=damaged)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(damaged, [pyrage.x25519.Identity.from_str(settings.ENQUIRY_STAFF_KEY)])
    with pytest.raises(CommandError, match=enquiries[2].reference):
        rotate()
    enquiries[2].refresh_from_db()
    assert bytes(enquiries[2].sealed) == damaged
