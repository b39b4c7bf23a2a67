from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from content import reviewing, tasks
from content.models import ClinicalReview, ReviewReminder, RichText
from content.publishing import publish, take_down
from tests.content.factories import make_live_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, make_staff, sign

pytestmark = pytest.mark.django_db

SIGNED_ON, DUE_ON = date(2026, 3, 2), date(2027, 3, 2)


def at(days: int) -> time_machine.travel:
    """Noon in New York, so many days from the day the review is due."""
    day = DUE_ON + timedelta(days=days)
    return time_machine.travel(f"{day.isoformat()}T17:00Z", tick=False)


def queued() -> list[list]:
    """[reminder ids, user id] of each e-mail that waits for a worker."""
    path = tasks.mail_review_reminder.module_path
    return [task.args_kwargs["args"] for task in DBTaskResult.objects.filter(task_path=path).order_by("enqueued_at")]


def run_day(days: int) -> list[list]:
    """What the worker does on that day; the e-mails that it queues and sends."""
    before = len(queued())
    with at(days):
        tasks.remind_of_reviews.call()
        new = queued()[before:]
        for arguments in new:
            tasks.mail_review_reminder.call(*arguments)
    return new


def kinds() -> list[str]:
    return list(ReviewReminder.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def review() -> ClinicalReview:
    make_site_settings(time_zone="America/New_York", notify_email="desk@example.org")
    with time_machine.travel("2026-03-02T17:00Z", tick=False):
        page = make_live_page(title="The goals & more", slug="goals")
        return sign(live_version(page), by=make_reviewer(email="reviewer@example.org"))


def test_reviewers_are_reminded_30_and_7_days_before_and_when_it_is_overdue(review, mailoutbox) -> None:
    sent_on = [days for days in range(-35, 6) if run_day(days)]
    assert sent_on == [-30, -7, 1]
    assert kinds() == ["30_days", "7_days", "overdue"]
    assert [mail.to for mail in mailoutbox] == [["reviewer@example.org"]] * 3


def test_a_worker_that_slept_sends_the_most_urgent_one_only(review, mailoutbox) -> None:
    assert run_day(40)
    assert kinds() == ["overdue"]
    assert not run_day(41)
    assert len(mailoutbox) == 1


def test_the_day_begins_at_midnight_of_the_sites_zone(review) -> None:
    # One minute before midnight, and midnight, in New York.
    with time_machine.travel("2027-03-03T04:59Z", tick=False):
        tasks.remind_of_reviews.call()
    assert kinds() == ["7_days"]
    with time_machine.travel("2027-03-03T05:00Z", tick=False):
        tasks.remind_of_reviews.call()
    assert kinds() == ["7_days", "overdue"]


def test_the_mail_has_titles_dates_and_links_and_nothing_personal(review, mailoutbox, settings) -> None:
    settings.STAFF_URL = "https://staff.example.org"
    run_day(-30)
    (mail,) = mailoutbox
    assert mail.subject == "Clinical review: pages that are due"
    lines = mail.body.splitlines()
    assert lines[0] == "A page of the website needs a clinical review."
    path = f"/admin/content/page/{review.version.page_id}/versions/{review.version_id}/sign/"
    assert lines[2:5] == ["The goals & more", "Due on March 2, 2027.", f"https://staff.example.org{path}"]
    assert "https://staff.example.org/admin/content/page/reviews/" in lines
    for personal in (review.reviewer.username, "MA 12345", "psychologist"):
        assert personal not in mail.subject + mail.body


def test_an_overdue_page_is_said_to_have_lost_its_review(review, mailoutbox) -> None:
    run_day(1)
    assert "Was due on March 2, 2027. Readers no longer see that it was reviewed." in mailoutbox[0].body


def test_the_links_are_those_of_the_admin(review) -> None:
    page, version = review.version.page_id, review.version_id
    assert tasks.SIGN_PATH.format(page=page, version=version) == reverse(
        "admin:content_page_sign", args=[page, version]
    )
    assert reverse("admin:content_page_reviews") == tasks.CALENDAR_PATH


def test_what_is_due_on_one_day_is_one_mail_a_reviewer(review, mailoutbox) -> None:
    with time_machine.travel("2026-03-02T17:00Z", tick=False):
        sign(live_version(make_live_page(title="Another page")), by=make_reviewer(email="second@example.org"))
    run_day(-7)
    assert [mail.to for mail in mailoutbox] == [["reviewer@example.org"], ["second@example.org"]]
    for mail in mailoutbox:
        assert mail.body.startswith("2 pages of the website need a clinical review.")
        assert "The goals & more" in mail.body
        assert "Another page" in mail.body


def test_only_active_people_who_may_sign_and_have_an_address_are_written_to(review, mailoutbox) -> None:
    make_staff("change_page", email="writer@example.org")
    make_reviewer(email="")
    make_reviewer(email="gone@example.org", is_active=False)
    make_staff(email="root@example.org", is_superuser=True)
    run_day(-7)
    assert [mail.to for mail in mailoutbox] == [["reviewer@example.org"]]


@pytest.mark.parametrize(
    ("notify_email", "email", "to"),
    [("desk@example.org", "hello@example.org", "desk@example.org"), ("", "hello@example.org", "hello@example.org")],
)
def test_without_a_reviewer_it_goes_to_the_site(review, mailoutbox, notify_email: str, email: str, to: str) -> None:
    review.reviewer.user_permissions.clear()
    site = reviewing.SiteSettings.load()
    site.notify_email, site.email = notify_email, email
    site.save()
    run_day(-7)
    assert [mail.to for mail in mailoutbox] == [[to]]


def test_with_nobody_to_write_to_a_line_says_so_and_it_goes_out_later(review, mailoutbox, caplog) -> None:
    review.reviewer.user_permissions.clear()
    site = reviewing.SiteSettings.load()
    site.notify_email = site.email = ""
    site.save()
    assert not run_day(-7)
    assert "Nobody was reminded" in caplog.text
    assert not ReviewReminder.objects.exists()
    site.notify_email = "desk@example.org"
    site.save()
    assert run_day(-6)
    assert [mail.to for mail in mailoutbox] == [["desk@example.org"]]


def test_who_stops_reviewing_before_the_mail_goes_out_gets_none(review, mailoutbox) -> None:
    with at(-7):
        tasks.remind_of_reviews.call()
        review.reviewer.user_permissions.clear()
        for arguments in queued():
            tasks.mail_review_reminder.call(*arguments)
    assert mailoutbox == []


def test_a_page_that_was_signed_again_is_due_later(review) -> None:
    run_day(-7)
    with at(-5):
        sign(review.version)
    assert not [days for days in range(-4, 20) if run_day(days)]


@pytest.mark.parametrize("what", ["withdrawn", "changed", "taken down"])
def test_what_has_no_review_any_more_is_not_reminded_of(review, what: str) -> None:
    page = review.version.page
    with at(-40):
        if what == "withdrawn":
            reviewing.withdraw(review=review, by=make_reviewer(), reason="No.")
        elif what == "changed":
            RichText.objects.filter(parent=page).update(body="<p>Other words.</p>")
            publish(page=page, by=None)
        else:
            take_down(page=page, by=None)
    assert not [days for days in (-30, -7, 1) if run_day(days)]


def test_if_the_mails_cannot_be_queued_nothing_is_noted_as_sent(review, monkeypatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(tasks.mail_review_reminder), "enqueue", fail)
    with at(-7), pytest.raises(RuntimeError):
        tasks.remind_of_reviews.call()
    assert not ReviewReminder.objects.exists()


def test_reminding_takes_the_same_queries_whatever_there_is(review, django_assert_max_num_queries) -> None:
    with time_machine.travel("2026-03-02T17:00Z", tick=False):
        for _number in range(10):
            sign(live_version(make_live_page()), by=review.reviewer)
    run_day(-7)
    # Two savepoints and their releases, reviewers, settings, live pages, reviews, what was sent.
    with at(-6), django_assert_max_num_queries(9):
        tasks.remind_of_reviews.call()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(review) -> None:
    start, failures = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            tasks.remind_of_reviews.call()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    with at(-7):
        workers = [threading.Thread(target=work) for _number in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
    assert not failures
    assert kinds() == ["7_days"]
    assert len(queued()) == 1
