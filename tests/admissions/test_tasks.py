from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from admissions import tasks
from admissions.abuse import TRAP
from admissions.models import Enquiry
from admissions.references import spoken
from iop_site.models import OwedMail
from tests.admissions.sending import send
from tests.content.factories import make_site_settings
from tests.factories import enquiry_data, make_enquiry, make_level_of_care, make_office_hours
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db

PERSONAL = ("Alex", "Rivera", "5550123", "555-0123", "alex@example.org", "Blue Example", "comes next", "Massachusetts")


@pytest.fixture
def enquiry() -> Enquiry:
    make_site_settings(notify_email="desk@example.org")
    make_office_hours()
    level = make_level_of_care(name="Intensive outpatient program for teens & families")
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC), tick=False):
        return make_enquiry(level_of_care=str(level.pk))


def test_staff_get_what_the_desk_may_know_and_where_to_read_on(enquiry: Enquiry, mailoutbox, settings) -> None:
    settings.STAFF_URL = "https://staff.example.org"
    tasks.notify_staff.call(enquiry.pk)
    (mail,) = mailoutbox
    assert mail.to == ["desk@example.org"]
    assert mail.subject == f"New enquiry {spoken(enquiry.reference)}"
    for line in (
        f"Reference: {spoken(enquiry.reference)}",
        "Level of care: Intensive outpatient program for teens & families",
        "Age band: Teen (13–17)",
        "Received: Tuesday, November 24, 2026, 10 a.m. (EST)",
        "Promised an answer by: Tuesday, November 24, 2 p.m. (EST)",
        f"https://staff.example.org/admin/admissions/enquiry/{enquiry.pk}/change/",
    ):
        assert line in mail.body.splitlines()


def test_nothing_personal_is_in_the_mail(enquiry: Enquiry, mailoutbox) -> None:
    tasks.notify_staff.call(enquiry.pk)
    message = mailoutbox[0].message().as_string() + mailoutbox[0].body
    for personal in PERSONAL:
        assert personal not in message


def test_the_link_is_the_one_of_the_admin(enquiry: Enquiry) -> None:
    path = tasks.ENQUIRY_PATH.format(pk=enquiry.pk)
    assert path == reverse("admin:admissions_enquiry_change", args=[enquiry.pk]) == enquiry.get_absolute_url()


def test_with_nobody_to_tell_a_line_says_so_and_no_mail_goes_out(mailoutbox, caplog) -> None:
    make_site_settings(notify_email="")
    enquiry = make_enquiry()
    tasks.notify_staff.call(enquiry.pk)
    assert mailoutbox == []
    assert f"Enquiry {enquiry.reference}: no e-mail was sent" in caplog.text
    assert not any(personal in caplog.text for personal in PERSONAL)


def test_an_enquiry_without_a_level_or_a_promise_is_told_of_too(mailoutbox) -> None:
    make_site_settings()
    tasks.notify_staff.call(make_enquiry().pk)
    assert "Level of care: Not sure yet" in mailoutbox[0].body
    assert "Promised" not in mailoutbox[0].body


def test_a_mail_that_fails_is_owed_without_anything_personal_and_the_enquiry_stays(enquiry: Enquiry, settings) -> None:
    with MailServer() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        server.fails = {"connect": "421 Later"}
        tasks.notify_staff.call(enquiry.pk)
    owed = OwedMail.objects.get()
    assert (owed.recipient, owed.subject) == ("desk@example.org", f"New enquiry {spoken(enquiry.reference)}")
    assert not any(personal in owed.body for personal in PERSONAL)
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()


def test_a_task_that_runs_twice_says_the_same_twice_and_changes_nothing(enquiry: Enquiry, mailoutbox) -> None:
    """It is begun again when its worker was killed, and nobody knows how far it came."""
    before = list(Enquiry.objects.values())
    for _time in range(2):
        tasks.notify_staff.call(enquiry.pk)
    assert len({(mail.subject, mail.body) for mail in mailoutbox}) == 1
    assert list(Enquiry.objects.values()) == before


def test_an_enquiry_sent_again_is_told_of_by_its_reference_alone(enquiry: Enquiry, mailoutbox, settings) -> None:
    settings.STAFF_URL = "https://staff.example.org"
    tasks.notify_staff_again.call(enquiry.pk)
    (mail,) = mailoutbox
    assert mail.to == ["desk@example.org"]
    assert mail.subject == f"Enquiry {spoken(enquiry.reference)} has changed"
    assert f"Reference: {spoken(enquiry.reference)}" in mail.body.splitlines()
    assert f"https://staff.example.org/admin/admissions/enquiry/{enquiry.pk}/change/" in mail.body.splitlines()
    for unsaid in (*PERSONAL, "Intensive outpatient", "Teen"):
        assert unsaid not in mail.message().as_string() + mail.body


# --- Urgent, and in quarantine ---------------------------------------------------------------------------------------


def test_an_urgent_one_says_so_first(enquiry: Enquiry, mailoutbox) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(is_urgent=True)
    tasks.notify_staff.call(enquiry.pk)
    assert mailoutbox[0].subject == f"URGENT: new enquiry {spoken(enquiry.reference)}"
    assert "before all others" in mailoutbox[0].body


def test_one_that_became_urgent_says_so_too(enquiry: Enquiry, mailoutbox) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(is_urgent=True)
    tasks.notify_staff_again.call(enquiry.pk)
    assert mailoutbox[0].subject == f"URGENT: enquiry {spoken(enquiry.reference)} has changed"


@pytest.mark.parametrize(
    ("task", "was_urgent", "status", "is_urgent"),
    [
        ("notify_staff", True, Enquiry.Status.NEW, True),
        ("notify_staff", False, Enquiry.Status.NEW, False),
        ("notify_withdrawn", True, Enquiry.Status.WITHDRAWN, False),
    ],
)
def test_mail_about_an_urgent_one_is_urgent_until_it_is_withdrawn(
    enquiry: Enquiry, monkeypatch, task: str, was_urgent: bool, status: str, is_urgent: bool
) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(is_urgent=was_urgent, status=status)
    sent = []
    monkeypatch.setattr(tasks.mail, "send", lambda **mail: sent.append(mail["is_urgent"]))
    getattr(tasks, task).call(enquiry.pk)
    assert sent == [is_urgent]


def test_staff_are_reminded_of_what_waits_in_quarantine_and_of_nothing_else(enquiry: Enquiry, mailoutbox) -> None:
    tasks.remind_of_quarantine.call()
    assert not mailoutbox
    Enquiry.objects.filter(pk=enquiry.pk).update(is_quarantined=True)
    tasks.remind_of_quarantine.call()
    assert "1 enquiry looks" in mailoutbox[0].body
    assert enquiry.reference not in mailoutbox[0].body


def reminders() -> list[datetime]:
    path = tasks.remind_of_quarantine.module_path
    return list(DBTaskResult.objects.filter(task_path=path).values_list("run_after", flat=True))


@pytest.mark.parametrize(
    ("received", "reminded"),
    [
        # At 10 a.m. in New York, at 4:30 p.m., and at night.
        (datetime(2026, 11, 24, 15, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)),
        (datetime(2026, 11, 24, 21, 30, tzinfo=UTC), datetime(2026, 11, 25, 14, 30, tzinfo=UTC)),
        (datetime(2026, 11, 25, 4, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)),
    ],
)
def test_staff_are_reminded_of_quarantine_while_the_office_is_open_and_before_an_answer_is_due(
    received: datetime, reminded: datetime
) -> None:
    make_site_settings()
    make_office_hours()
    with time_machine.travel(received, tick=False):
        send(enquiry_data(**{TRAP: "x"}))
        assert Enquiry.objects.get().respond_by_at > reminded
    assert reminders() == [reminded]


def test_what_comes_before_a_reminder_needs_none_of_its_own_and_what_comes_after_does() -> None:
    make_site_settings()
    make_office_hours()
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC), tick=False) as clock:
        send(enquiry_data())
        assert reminders() == []
        send(enquiry_data(**{TRAP: "x"}))
        clock.shift(timedelta(minutes=30))
        send(enquiry_data(**{TRAP: "x"}))
        assert len(reminders()) == 1
        DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
        clock.shift(timedelta(minutes=31))
        send(enquiry_data(**{TRAP: "x"}))
        assert len(reminders()) == 2
