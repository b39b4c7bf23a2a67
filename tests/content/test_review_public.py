"""What readers are told of a clinical review, and when they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from content import reviewing
from content.models import Page, RichText
from content.publishing import publish, take_down
from content.restoring import restore
from tests.content.factories import make_live_page, make_site_settings
from tests.content.reviewers import live_version, make_reviewer, sign

pytestmark = pytest.mark.django_db

BADGE = "Clinically reviewed on March 2, 2026 by a licensed clinical psychologist. Next review due March 2, 2027."
UNREVIEWED = "Last changed on"
SIGNED_AT = "2026-03-02T15:00Z"


@pytest.fixture
def page() -> Page:
    """Signed on March 2, 2026, for a year."""
    make_site_settings(time_zone="America/New_York")
    with time_machine.travel(SIGNED_AT, tick=False):
        page = make_live_page(slug="goals")
        reviewer = make_reviewer(first_name="Marguerite", last_name="Oyelaran", email="oyelaran@example.org")
        sign(live_version(page), by=reviewer, note="Read with the nurse.")
    return page


def shown(client: Client, at: str = SIGNED_AT, path: str = "/goals/") -> str:
    with time_machine.travel(at, tick=False):
        return " ".join(client.get(path).text.split())


def test_readers_see_when_and_by_which_role_a_page_was_reviewed(page: Page, client: Client) -> None:
    text = shown(client)
    assert BADGE in text
    assert UNREVIEWED not in text
    assert '"lastReviewed": "2026-03-02"' in text


def test_nothing_else_about_the_reviewer_is_shown(page: Page, client: Client) -> None:
    text = shown(client)
    for personal in ("Marguerite", "Oyelaran", "person-", "MA 12345", "nurse"):
        assert personal not in text


def is_badge_shown(text: str) -> bool:
    """Both or neither, and the date of the last change exactly when there is none."""
    has_badge = "Clinically reviewed" in text
    assert ("lastReviewed" in text) is has_badge
    assert ("reviewedBy" in text) is has_badge
    assert (UNREVIEWED in text) is not has_badge
    return has_badge


@pytest.mark.parametrize(
    ("at", "is_shown"),
    [
        # Midnight of March 3, 2027, in New York is five o'clock in UTC.
        ("2027-03-03T04:59:59Z", True),
        ("2027-03-03T05:00:00Z", False),
    ],
)
def test_the_badge_goes_when_the_day_on_which_it_is_due_is_over(
    page: Page, client: Client, at: str, is_shown: bool
) -> None:
    assert is_badge_shown(shown(client, at)) is is_shown


def test_the_badge_goes_when_the_review_is_withdrawn_and_comes_when_it_is_signed_again(
    page: Page, client: Client
) -> None:
    review = reviewing.standing_review(live_version(page), on=date(2026, 3, 2))
    with time_machine.travel(SIGNED_AT, tick=False):
        reviewing.withdraw(review=review, by=make_reviewer(), reason="The hours are wrong.")
    text = shown(client)
    assert not is_badge_shown(text)
    assert "The hours are wrong" not in text
    with time_machine.travel(SIGNED_AT, tick=False):
        sign(live_version(page))
    assert is_badge_shown(shown(client))


def test_the_badge_goes_with_any_other_words_and_comes_back_with_the_signed_ones(page: Page, client: Client) -> None:
    signed = live_version(page)
    with time_machine.travel("2026-04-01T15:00Z", tick=False):
        RichText.objects.filter(parent=page).update(body="<p>MORE care.</p>")
        publish(page=page, by=None)
    text = shown(client, "2026-04-02T15:00Z")
    assert not is_badge_shown(text)
    assert "Last changed on April 1, 2026." in text
    with time_machine.travel("2026-05-01T15:00Z", tick=False):
        restore(version=signed, by=None)
        publish(page=page, by=None)
    assert is_badge_shown(shown(client, "2026-05-02T15:00Z"))


def test_the_badge_changes_at_the_moment_a_scheduled_version_goes_live(page: Page, client: Client) -> None:
    with time_machine.travel("2026-04-01T15:00Z", tick=False):
        RichText.objects.filter(parent=page).update(body="<p>MORE care.</p>")
        publish(page=page, by=None, starts_at=datetime(2026, 4, 10, 12, tzinfo=UTC))
    assert is_badge_shown(shown(client, "2026-04-10T11:59:59Z"))
    assert not is_badge_shown(shown(client, "2026-04-10T12:00:00Z"))


def test_what_was_taken_down_and_put_up_again_was_not_changed(client: Client) -> None:
    make_site_settings()
    with time_machine.travel("2026-03-02T15:00Z", tick=False):
        page = make_live_page(slug="goals")
    with time_machine.travel("2026-03-09T15:00Z", tick=False):
        take_down(page=page, by=None)
    with time_machine.travel("2026-03-20T15:00Z", tick=False):
        publish(page=page, by=None)
    assert "Last changed on March 2, 2026." in shown(client, "2026-03-21T15:00Z")


def test_a_change_is_dated_at_the_sites_place(client: Client) -> None:
    make_site_settings(time_zone="Pacific/Honolulu")
    with time_machine.travel("2026-03-02T08:00Z", tick=False):
        make_live_page(slug="goals")
    assert "Last changed on March 1, 2026." in shown(client, "2026-03-21T15:00Z")


def test_the_front_page_and_the_printed_guide_say_it_too(page: Page, client: Client) -> None:
    with time_machine.travel(SIGNED_AT, tick=False):
        home = make_live_page(slug="home", order=0)
    assert UNREVIEWED in shown(client, path="/")
    with time_machine.travel(SIGNED_AT, tick=False):
        sign(live_version(home))
    assert BADGE in shown(client, path="/")
    assert shown(client, path="/guide/print/").count(BADGE) == 2


def test_a_role_is_escaped(client: Client) -> None:
    make_site_settings()
    sign(live_version(make_live_page(slug="goals")), by=make_reviewer(public_role="<b>a nurse</b> & friend"))
    text = client.get("/goals/").text
    assert "<b>a nurse" not in text
    assert "&lt;b&gt;a nurse&lt;/b&gt; &amp; friend" in text
