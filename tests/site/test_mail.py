"""Mail against a real server that fails: owed until it is taken, tried again, and together when mail is back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from iop_site import mail
from iop_site.models import OwedMail
from tests.at_once import at_once
from tests.smtp import DROP, HANG, MailServer

pytestmark = pytest.mark.django_db

DESK = "desk@example.org"
START = datetime(2026, 11, 24, 15, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def send(subject: str = "New enquiry", *, to: str = DESK, body: str = "A new enquiry has come in.") -> None:
    mail.send(recipient=to, subject=subject, body=body)


def work() -> None:
    """What a worker does in a minute: housekeeping, then its queue."""
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def subjects(server: MailServer) -> list[str]:
    return [message["Subject"] for message in server.received]


def text(message: Any) -> str:
    return message.get_content().replace("\r\n", "\n")


# --- One mail -------------------------------------------------------------------------------------------------------


def test_what_is_taken_at_once_is_owed_no_longer(server: MailServer) -> None:
    send()
    [message] = server.received
    assert (message["To"], message["Subject"], text(message)) == (DESK, "New enquiry", "A new enquiry has come in.\n")
    assert not OwedMail.objects.exists()
    assert mail.trouble() is None


@pytest.mark.parametrize(
    ("fails", "problem", "fault"),
    [
        ({"connect": "554 Go away, desk@example.org"}, "SMTPConnectError 554", "server"),
        ({"connect": "421 Too many of you"}, "SMTPConnectError 421", "server"),
        ({"connect": DROP}, "SMTPServerDisconnected", "server"),
        ({"connect": HANG}, "SMTPServerDisconnected", "server"),
        ({"RCPT": "450 Greylisted, desk@example.org"}, "SMTPRecipientsRefused 450", "recipient"),
        ({"RCPT": "550 Nobody of the name desk@example.org"}, "SMTPRecipientsRefused 550", "recipient"),
        ({"RCPT": HANG}, "SMTPServerDisconnected", "server"),
        ({"DATA": "451 The disk is full"}, "SMTPDataError 451", "recipient"),
        ({"DATA": "554 This is spam"}, "SMTPDataError 554", "mail"),
        ({"DATA": HANG}, "SMTPServerDisconnected", "server"),
        ({"DATA": DROP}, "SMTPServerDisconnected", "server"),
    ],
)
def test_what_fails_is_owed_and_nobody_hears_the_servers_words(
    server: MailServer, settings: Any, caplog: pytest.LogCaptureFixture, fails: dict[str, str], problem: str, fault: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    server.fails = fails
    send()
    owed = OwedMail.objects.get()
    assert (owed.problem, owed.fault, owed.attempts) == (problem, fault, 1)
    assert not server.received
    [said] = [record.getMessage() for record in caplog.records if record.name == mail.logger.name]
    assert problem in said
    assert DESK not in said


def test_a_server_that_nobody_finds_is_a_failure_as_well(server: MailServer) -> None:
    with server.away():
        send()
    assert OwedMail.objects.get().problem == "ConnectionRefusedError"


def test_the_same_mail_is_owed_once(server: MailServer) -> None:
    """A task that is begun again after its worker was killed."""
    server.fails = {"connect": "421 No"}
    send()
    send()
    assert OwedMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_server_is_talked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(mail, "send_mail", lambda **message: seen.append(connection.in_atomic_block))
    send()
    assert seen == [False]


# --- Again, and again later -----------------------------------------------------------------------------------------


def test_pauses_grow_from_a_minute_to_an_hour_until_two_days_are_over(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    pauses, tries = [], [START]
    with server.away():
        send()
        while True:
            owed = OwedMail.objects.get()
            pauses.append(owed.next_attempt_at - tries[-1])
            clock.move_to(owed.next_attempt_at - timedelta(seconds=1))
            mail.queue_retry()
            assert not DBTaskResult.objects.exists()
            clock.move_to(owed.next_attempt_at)
            mail.queue_retry()
            if not DBTaskResult.objects.exists():
                break
            tries.append(owed.next_attempt_at)
            mail.retry.call()
            DBTaskResult.objects.all().delete()
    for number, pause in enumerate(pauses):
        usual = min(MINUTE * 2 ** min(number, 6), HOUR)
        assert 0.8 * usual <= pause <= 1.2 * usual
    assert len(set(pauses)) == len(pauses)
    assert START + timedelta(hours=46) < tries[-1] < START + timedelta(hours=48)
    assert OwedMail.objects.get().attempts == len(tries) > 40


def test_a_retry_is_in_the_queue_once(server: MailServer, clock: time_machine.Coordinates) -> None:
    server.fails = {"connect": "421 No"}
    send()
    clock.shift(HOUR)
    for status in (TaskResultStatus.READY, TaskResultStatus.RUNNING):
        mail.queue_retry()
        mail.queue_retry()
        assert DBTaskResult.objects.count() == 1
        DBTaskResult.objects.update(status=status)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_by_itself_what_was_owed(server: MailServer, clock: time_machine.Coordinates) -> None:
    with server.away():
        send()
        work()
    clock.shift(2 * MINUTE)
    work()
    assert subjects(server) == ["New enquiry"]
    assert not OwedMail.objects.exists()


def test_what_was_given_up_goes_along_with_other_mail(server: MailServer, clock: time_machine.Coordinates) -> None:
    with server.away():
        send("Old")
    clock.shift(timedelta(hours=49))
    mail.queue_retry()
    assert not DBTaskResult.objects.exists()
    send("New", to="other@example.org")
    assert sorted(subjects(server)) == ["New", "Old"]


# --- While the server is away, and when it is back ------------------------------------------------------------------


def test_new_mail_does_not_knock_again_and_goes_out_as_one_digest(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"connect": "421 Later"}
    for number in range(1, 4):
        send(f"Enquiry {number}", body=f"This is number {number}.\n")
        clock.shift(timedelta(seconds=10))
    send("To another", to="other@example.org")
    assert server.connections == 1
    server.fails.clear()
    clock.shift(2 * MINUTE)
    mail.deliver()
    digest, other = server.received
    assert (digest["To"], digest["Subject"]) == (DESK, "3 messages that waited")
    assert (other["To"], other["Subject"]) == ("other@example.org", "To another")
    words = text(digest)
    positions = [
        words.index(part) for part in ("1. Enquiry 1", "3. Enquiry 3", "This is number 1.", "This is number 3.")
    ]
    assert positions == sorted(positions)
    assert not OwedMail.objects.exists()


def test_what_is_urgent_knocks_at_once_and_a_digest_says_so_first(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"connect": "421 Later"}
    send("Enquiry 1")
    clock.shift(timedelta(seconds=10))
    send("Enquiry 2")
    assert server.connections == 1
    mail.send(recipient=DESK, subject="URGENT: enquiry 3", body="Now.", is_urgent=True)
    assert server.connections == 2
    server.fails.clear()
    clock.shift(5 * MINUTE)
    mail.deliver()
    [digest] = server.received
    assert digest["Subject"] == "URGENT: 1 of 3 messages that waited"
    assert text(digest).splitlines()[2:5] == ["1. URGENT: enquiry 3", "2. Enquiry 1", "3. Enquiry 2"]


def test_an_urgent_mail_goes_before_the_others_that_are_due(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"connect": "421 Later"}
    send("First", to="other@example.org")
    mail.send(recipient=DESK, subject="URGENT", body="Now.", is_urgent=True)
    OwedMail.objects.update(attempts=1)
    server.fails.clear()
    clock.shift(5 * MINUTE)
    mail.deliver()
    assert subjects(server) == ["URGENT", "First"]


def test_when_another_mail_gets_through_nobody_waits_for_the_end_of_the_pause(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"connect": "421 Later"}
    send("First")
    clock.shift(10 * MINUTE)
    mail.deliver()
    send("Second", to="other@example.org")
    OwedMail.objects.filter(subject="Second").update(next_attempt_at=START)
    server.fails.clear()
    mail.deliver()
    assert subjects(server) == ["Second", "First"]


def test_a_digest_has_an_end(server: MailServer, clock: time_machine.Coordinates, monkeypatch: Any) -> None:
    monkeypatch.setattr(mail, "MOST_IN_A_DIGEST", 2)
    server.fails = {"connect": "421 Later"}
    for number in range(3):
        send(f"Enquiry {number}")
        clock.shift(timedelta(seconds=1))
    server.fails.clear()
    clock.shift(2 * MINUTE)
    mail.deliver()
    assert subjects(server) == ["2 messages that waited", "Enquiry 2"]


# --- One that is refused keeps no other -----------------------------------------------------------------------------


def test_a_recipient_who_is_refused_keeps_nobody_elses_mail(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"RCPT gone@example.org": "550 Nobody here"}
    send("Refused", to="gone@example.org")
    send("Refused as well", to="gone@example.org")
    send("Taken")
    assert subjects(server) == ["Taken"]
    assert server.connections == 2
    clock.shift(2 * MINUTE)
    send("Taken too")
    assert subjects(server) == ["Taken", "Taken too"]
    assert {owed.recipient for owed in OwedMail.objects.all()} == {"gone@example.org"}


def test_a_mail_that_is_refused_for_its_words_keeps_no_other(
    server: MailServer, clock: time_machine.Coordinates
) -> None:
    server.fails = {"connect": "421 Later"}
    for subject in ("Before", "Poison", "After"):
        send(subject)
        clock.shift(timedelta(seconds=1))
    server.fails = {"DATA 3 messages that waited": "554 Spam", "DATA Poison": "554 Spam"}
    clock.shift(2 * MINUTE)
    mail.deliver()
    assert subjects(server) == ["Before", "After"]
    send("Next")
    assert subjects(server) == ["Before", "After", "Next"]
    assert OwedMail.objects.get().subject == "Poison"


def test_an_address_that_cannot_be_written_is_a_fault_of_that_mail(server: MailServer) -> None:
    send("Two\nlines")
    assert OwedMail.objects.get().fault == "mail"
    send("Next")
    assert subjects(server) == ["Next"]


# --- Killed, and at once --------------------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_leaves_it_to_the_next_after_the_lease(
    server: MailServer, clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**message: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mail, "send_mail", killed)
        with pytest.raises(SystemExit):
            send()
    clock.shift(mail.LEASE - timedelta(seconds=1))
    mail.deliver()
    assert not server.received
    clock.shift(timedelta(seconds=1))
    mail.queue_retry()
    assert DBTaskResult.objects.get().task_path == "iop_site.mail.retry"
    mail.retry.call()
    assert subjects(server) == ["New enquiry"]


def test_what_is_asked_for_again_while_it_is_sent_goes_once_more(
    server: MailServer, clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it tells of may have happened after it left."""
    real, begun = mail.send_mail, []

    def send_and_be_asked_again(**message: Any) -> None:
        real(**message)
        begun.append(1)
        if len(begun) == 1:
            # Another worker.
            send()

    monkeypatch.setattr(mail, "send_mail", send_and_be_asked_again)
    send()
    assert subjects(server) == ["New enquiry"] * 2
    assert not OwedMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_mail_once(server: MailServer, clock: time_machine.Coordinates) -> None:
    with server.away():
        for number in range(12):
            send(f"Enquiry {number}", to=f"reader-{number % 4}@example.org")
    clock.shift(2 * MINUTE)
    at_once(mail.deliver)
    assert sorted(message["To"] for message in server.received) == [
        f"reader-{number}@example.org" for number in range(4)
    ]
    assert subjects(server) == ["3 messages that waited"] * 4
    assert not OwedMail.objects.exists()


# --- What others are told -------------------------------------------------------------------------------------------


def test_trouble_is_what_is_owed_and_lasting_after_three_failures_in_a_row(
    server: MailServer, clock: time_machine.Coordinates, django_assert_num_queries: Any
) -> None:
    server.fails = {"connect": "421 Later"}
    send("One")
    send("Two")
    for attempts in (1, 2, 3):
        with django_assert_num_queries(2):
            trouble = mail.trouble()
        assert trouble == mail.Trouble(owed=2, since=START, attempts=attempts, problem="SMTPConnectError 421")
        assert trouble.is_lasting == (attempts == 3)
        clock.shift(HOUR)
        mail.deliver()
    server.fails.clear()
    clock.shift(HOUR)
    mail.deliver()
    assert mail.trouble() is None
