"""A week in an editor's life: draft, preview, schedule, compare, restore, sign, correct a typing error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import read_anew
from tests.launched import Site

REVIEWER_PASSWORD = "a-long-password-of-a-reviewer"
MAKE_REVIEWER = f"""
from django.contrib.auth.models import Group, User
from content.models import ReviewerProfile
if not User.objects.filter(username="reviewer").exists():
    user = User.objects.create_user("reviewer", password="{REVIEWER_PASSWORD}", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=["Editor", "Clinical reviewer"]))
    ReviewerProfile.objects.create(user=user, credential="License 1", public_role="a licensed psychologist (test)")
"""


@pytest.fixture
def reviewer_page(new_page: Callable[..., Page], site: Site) -> Page:
    """Signed in as somebody who edits and reviews."""
    site.manage("shell", "-v", "0", "-c", MAKE_REVIEWER)
    page = new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("reviewer")
    page.get_by_label("Password").fill(REVIEWER_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    return page


def open_editor(page: Page, name: str) -> str:
    """The address of the editor of the page `name`."""
    page.goto("/admin/content/page/")
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url("**/change/**")
    return page.url.partition("#")[0]


def change_summary(page: Page, old: str, new: str) -> None:
    summary = page.get_by_label("Short answer")
    assert old in summary.input_value()
    summary.fill(summary.input_value().replace(old, new))


def review_before_publishing(page: Page) -> None:
    page.get_by_role("button", name="Save and review before publishing").click()
    page.wait_for_url(re.compile("/publish/"))


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish this version").click()
    page.wait_for_url(lambda url: "/publish/" not in str(url))


def test_a_week(staff_page: Page, reviewer_page: Page, new_page: Callable[..., Page]) -> None:
    visitor = new_page()

    # Monday: a draft, which visitors do not see, and its preview, which staff do.
    editor = open_editor(staff_page, "Benefits")
    change_summary(staff_page, "licensed therapists", "our own licensed therapists")
    staff_page.get_by_role("button", name="Save draft", exact=True).click()
    expect(staff_page.get_by_text("The draft below is different")).to_be_visible()
    staff_page.get_by_role("link", name="Preview", exact=True).click()
    preview = staff_page.frame_locator("iframe")
    expect(preview.get_by_text("our own licensed therapists")).to_be_visible()
    read_anew(visitor, "/benefits/")
    expect(visitor.get_by_text("our own licensed therapists")).to_have_count(0)
    expect(visitor.get_by_text("Clinically reviewed on")).to_be_visible()

    # Tuesday: published. The signature was under other words.
    staff_page.goto(editor)
    review_before_publishing(staff_page)
    expect(staff_page.locator("ins", has_text="our own").first).to_be_visible()
    staff_page.get_by_label("What changed?").fill("Says whose therapists they are")
    publish(staff_page)
    read_anew(visitor, "/benefits/")
    expect(visitor.get_by_text("our own licensed therapists")).to_be_visible()
    expect(visitor.get_by_text("Clinically reviewed on")).to_have_count(0)

    # Wednesday: a change for tomorrow is scheduled, and called off.
    staff_page.goto(editor)
    change_summary(staff_page, "our own licensed", "our ten licensed")
    review_before_publishing(staff_page)
    staff_page.get_by_label("What changed?").fill("Counts them")
    staff_page.get_by_label("At a later time").check()
    tomorrow = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")) + timedelta(days=1)
    staff_page.get_by_label("From (").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    publish(staff_page)
    read_anew(visitor, "/benefits/")
    expect(visitor.get_by_text("our ten licensed")).to_have_count(0)
    staff_page.goto(editor)
    staff_page.get_by_role("link", name="Call it off").click()
    staff_page.get_by_role("main").get_by_role("button").last.click()
    staff_page.goto(editor)
    expect(staff_page.get_by_role("link", name="Call it off")).to_have_count(0)

    # Thursday: what changed between the first version and the second; then the second is the draft again.
    staff_page.get_by_role("link", name="Versions", exact=True).click()
    staff_page.get_by_role("radio", name="From version 1", exact=True).check()
    staff_page.get_by_role("radio", name="To version 2", exact=True).check()
    staff_page.get_by_role("button", name="Compare").click()
    expect(staff_page.locator("ins", has_text="our own").first).to_be_visible()
    staff_page.go_back()
    staff_page.get_by_role("link", name="Bring back version 2").click()
    staff_page.get_by_role("main").get_by_role("button").last.click()
    staff_page.goto(editor)
    expect(staff_page.get_by_label("Short answer")).to_have_value(re.compile("our own licensed therapists"))

    # Friday: somebody else reads it and signs it. The badge is back.
    reviewer_page.goto(editor)
    reviewer_page.get_by_role("link", name="Read and sign it").click()
    reviewer_page.get_by_label("I have read this text").check()
    reviewer_page.get_by_role("button", name="Sign this version").click()
    read_anew(visitor, "/benefits/")
    expect(visitor.get_by_text("a licensed psychologist (test)")).to_be_visible()

    # Saturday: a typing error is corrected by the reviewer, who signs anew in the same step.
    reviewer_page.goto(editor)
    change_summary(reviewer_page, "our own licensed", "our own, licensed")
    review_before_publishing(reviewer_page)
    reviewer_page.get_by_label("What changed?").fill("A comma")
    reviewer_page.get_by_label("Minor: only typography has changed").check()
    publish(reviewer_page)
    read_anew(visitor, "/benefits/")
    expect(visitor.get_by_text("our own, licensed therapists")).to_be_visible()
    expect(visitor.get_by_text("a licensed psychologist (test)")).to_be_visible()
