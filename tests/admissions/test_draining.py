"""What waited is stored once, under the reference that the visitor was shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError
from django.test import Client
from django_tasks_db.models import DBTaskResult

from admissions import receiving, sealing, spool
from admissions.draining import Drained, drain, drain_quietly
from admissions.models import Enquiry, EnquiryEvent
from admissions.references import normalise, reference_for
from tests.admissions.sending import away, send, text_of, wait_in_spool
from tests.factories import enquiry_data, make_enquiry, make_level_of_care, make_office_hours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def send_while_away(data: dict[str, Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiving, "store", away)
        return send(data)


def opened(sealed: bytes) -> dict[str, Any]:
    return sealing.open_payload(sealed, sealing.staff_identity())


# --- What the visitor sees ------------------------------------------------------------------------------------------


def test_the_confirmation_is_the_same_before_and_after(settings: Any) -> None:
    make_office_hours()
    address = send_while_away(enquiry_data())["Location"]
    before = Client().get(address)
    assert before.status_code == 200
    assert drain() == Drained(stored=1)
    reference = Enquiry.objects.get().reference
    assert f"{reference[:4]} {reference[4:]}" in text_of(before)
    assert text_of(Client().get(address)) == text_of(before)
    assert "Your reference" in text_of(Client().get(address.partition("?")[0]))


@pytest.mark.parametrize("receipt", ["", "?receipt=", "?receipt=1.forged", "?receipt=-:forged"])
def test_nobody_can_make_a_confirmation_up(receipt: str) -> None:
    assert Client().get(f"/admissions/received/{reference_for('nobody')}/{receipt}").status_code == 404


def test_a_receipt_is_for_its_reference_alone() -> None:
    address = send_while_away(enquiry_data())["Location"]
    assert (
        Client().get(f"/admissions/received/{reference_for('nobody')}/?{address.partition('?')[2]}").status_code == 404
    )


def test_the_same_form_sent_again_has_the_same_reference_wherever_it_went_first() -> None:
    data = enquiry_data()
    addresses = [send_while_away(data)["Location"], send(data)["Location"], send_while_away(data)["Location"]]
    assert len({address.partition("?")[0] for address in addresses}) == 1
    assert drain() == Drained(stored=1)
    assert Enquiry.objects.count() == 1
    assert not EnquiryEvent.objects.exists()


# --- Exactly once ---------------------------------------------------------------------------------------------------


def test_it_is_stored_and_staff_are_told_once_however_often_it_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = wait_in_spool(message="How do we begin?")
    with monkeypatch.context() as patch:
        # Killed after the commit
        patch.setattr(spool, "take_out", away)
        for _time in range(3):
            with pytest.raises(OperationalError):
                drain()
    assert drain() == Drained(stored=1)
    assert drain() == Drained()
    enquiry = Enquiry.objects.get()
    assert (enquiry.reference, enquiry.received_at) == (waiting.reference, waiting.received_at)
    assert opened(enquiry.sealed)["message"] == "How do we begin?"
    assert DBTaskResult.objects.count() == 1
    assert not EnquiryEvent.objects.exists()


def test_a_commit_of_which_nobody_knows_is_found_by_its_key() -> None:
    enquiry = make_enquiry(nonce="form")
    waiting = wait_in_spool(nonce="form")
    assert waiting.reference == enquiry.reference
    drain()
    assert Enquiry.objects.get() == enquiry


def test_what_was_changed_while_the_database_was_away_is_kept_in_its_order() -> None:
    for message in ("one", "two", "two"):
        wait_in_spool(message=message)
    assert drain() == Drained(stored=2)
    assert opened(Enquiry.objects.get().sealed)["message"] == "one"
    assert [opened(event.sealed)["message"] for event in EnquiryEvent.objects.all()] == ["two"]


def test_while_the_database_is_still_away_everything_waits_on(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_in_spool()
    monkeypatch.setattr(receiving, "store", away)
    with pytest.raises(OperationalError):
        drain()
    assert len(spool.files()) == 1


# --- What cannot be stored as it is ---------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_put_aside_and_the_others_go_in() -> None:
    wait_in_spool(nonce="first")
    spool.files()[0].write_bytes(b"half a f")
    wait_in_spool(nonce="second")
    assert drain() == Drained(stored=1, broken=1)
    assert (Enquiry.objects.count(), len(spool.broken()), spool.files()) == (1, 1, [])


def test_a_file_that_the_disk_does_not_give_up_now_waits_on_and_the_others_go_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = wait_in_spool(nonce="first")
    wait_in_spool(nonce="second")
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == first.name:
            raise OSError(5, "Input/output error")
        return read_bytes(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(CommandError, match=r"cannot be read or written: Input/output error"):
            call_command("drain_spool")
    assert ([path.name for path in spool.files()], spool.broken()) == ([first.name], [])
    assert drain() == Drained(stored=1)


def test_a_file_that_cannot_be_stored_waits_on_and_the_others_go_in(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = wait_in_spool(nonce="first"), wait_in_spool(nonce="second")
    store = receiving.store

    def refuse_the_first(waiting: spool.Waiting) -> Enquiry:
        if waiting == first:
            raise DataError("DETAIL: Failing row contains (Alex Rivera)")
        return store(waiting)

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "store", refuse_the_first)
        with pytest.raises(CommandError, match=r"does not take them \(DataError\): 1 wait on\.$"):
            call_command("drain_spool")
    assert Enquiry.objects.get().reference == second.reference
    assert f"(DataError): {first.name}" in caplog.text
    assert "Alex" not in caplog.text
    assert drain() == Drained(stored=1)


def test_a_file_of_a_later_release_waits_for_it() -> None:
    waiting = wait_in_spool()
    [path] = spool.files()
    written = path.read_text()
    path.write_text(written.replace('"format": 2', '"format": 3'))
    assert drain() == Drained(too_new=1)
    with pytest.raises(CommandError, match="1 files are of a later release"):
        call_command("drain_spool")
    path.write_text(written)
    drain()
    assert Enquiry.objects.get().reference == waiting.reference


@pytest.mark.django_db(transaction=True)
def test_a_level_that_was_deleted_meanwhile_holds_nothing_up() -> None:
    level = make_level_of_care(name="Evening program")
    wait_in_spool(level_of_care=str(level.pk))
    level.delete()
    assert drain() == Drained(stored=1)
    enquiry = Enquiry.objects.get()
    assert enquiry.level_of_care is None
    assert opened(enquiry.sealed)["level_of_care"] == "Evening program"


def test_a_promise_that_nobody_could_count_is_counted_when_it_is_stored() -> None:
    make_office_hours()
    waiting = wait_in_spool()
    spool.take_out(spool.files()[0])
    spool.keep(replace(waiting, respond_by_at=None))
    drain()
    assert Enquiry.objects.get().respond_by_at == waiting.respond_by_at


def test_when_somebody_else_has_the_number_staff_read_which_one_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = wait_in_spool(nonce="form")
    monkeypatch.setattr(
        receiving, "reference_for", lambda key, attempt=0: waiting.reference if not attempt else "23456789"
    )
    make_enquiry(nonce="other")
    drain()
    enquiry = Enquiry.objects.get(reference="23456789")
    [note] = enquiry.events.all()
    assert waiting.reference in opened(note.sealed)["note"]
    assert normalise(waiting.reference) == waiting.reference


# --- By hand, and by itself -----------------------------------------------------------------------------------------


def test_the_command_says_what_it_stored(capsys: pytest.CaptureFixture[str]) -> None:
    wait_in_spool()
    call_command("drain_spool")
    call_command("drain_spool")
    assert capsys.readouterr().out == "Stored 1 enquiries.\nNothing waited.\n"


def test_the_command_says_in_one_sentence_why_something_waits_on(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_in_spool()
    monkeypatch.setattr(receiving, "store", away)
    with pytest.raises(CommandError, match=r"does not take them \(OperationalError\): 1 wait on\.$"):
        call_command("drain_spool")


def test_the_command_says_where_broken_files_are(data_dir: Path) -> None:
    wait_in_spool()
    spool.files()[0].write_bytes(b"half a f")
    with pytest.raises(CommandError, match=rf"1 files cannot be read .* {data_dir}/spool"):
        call_command("drain_spool")


def test_the_command_takes_back_what_was_put_aside_once_it_is_mended(capsys: pytest.CaptureFixture[str]) -> None:
    wait_in_spool()
    [path] = spool.files()
    written = path.read_bytes()
    path.write_bytes(b"half a f")
    drain()
    spool.broken()[0].write_bytes(written)
    call_command("drain_spool")
    assert not Enquiry.objects.exists()
    call_command("drain_spool", "--broken")
    assert capsys.readouterr().out == "Nothing waited.\nTaken back to be read again: 1.\nStored 1 enquiries.\n"
    assert (Enquiry.objects.count(), spool.broken()) == (1, [])


def test_by_itself_it_tries_again_and_says_nothing_of_what_waits(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wait_in_spool()
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "store", away)
        patch.setattr("django.db.connection.close", lambda: None)
        drain_quietly()
    assert "wait in the spool (OperationalError)" in caplog.text
    assert "Alex" not in caplog.text
    drain_quietly()
    assert Enquiry.objects.count() == 1


def test_what_was_withdrawn_meanwhile_is_thrown_away_and_holds_up_nobody() -> None:
    first = wait_in_spool(nonce="first")
    receiving.store(first).withdraw()
    second = wait_in_spool(nonce="second")
    assert drain() == Drained(stored=2)
    assert not spool.files()
    assert Enquiry.objects.get(reference=first.reference).sealed is None
    assert Enquiry.objects.get(reference=second.reference).status == Enquiry.Status.NEW


def test_what_is_sent_once_more_after_it_was_withdrawn_is_put_aside_and_not_lost() -> None:
    receiving.store(wait_in_spool(nonce="form")).withdraw()
    [path] = spool.files()
    path.unlink()
    wait_in_spool(nonce="form", message="We would like to come after all.")
    assert drain() == Drained(broken=1)
    assert not spool.files()
    assert len(spool.broken()) == 1
