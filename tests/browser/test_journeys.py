"""The three journeys that the product is for, on the running product."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from admissions.abuse import FASTEST
from tests.browser.reading import read_anew
from tests.launched import Site

REFERENCE = re.compile(r"/admissions/received/([2-9A-Z]{8})/")
MAIL_WITHIN_SECONDS = 30


def fill_enquiry(page: Page, *, name: str = "Ruth Sample") -> None:
    page.get_by_label("A parent or guardian").check()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Telephone number").fill("(617) 555-0123")
    page.get_by_label("E-mail address").fill("ruth@example.org")
    page.get_by_label("Call me", exact=True).check()
    page.get_by_label("Call the number I give you").check()
    page.get_by_label("Send an e-mail").check()
    page.get_by_label("Teen (13–17)").check()
    page.get_by_label("State where the person seeking care lives").select_option("MA")
    page.get_by_label("Anything else you would like us to know").fill("He has not been to school for three weeks.")


def take_time(page: Page) -> None:
    """Longer than a program does: what is sent faster goes into quarantine."""
    page.wait_for_timeout(FASTEST / timedelta(milliseconds=1))


def send(page: Page) -> str:
    """Press the button; the reference on the page that follows."""
    page.get_by_role("button", name="Send to Admissions").click()
    page.wait_for_url(REFERENCE)
    match = REFERENCE.search(page.url)
    assert match
    return match[1]


def spoken(reference: str) -> str:
    """As the pages show it."""
    return f"{reference[:4]} {reference[4:]}"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_goes_through_the_guide(new_page: Callable[..., Page], javascript: bool) -> None:
    page = new_page(javascript=javascript, width=360)
    page.goto("/")
    page.get_by_role("link", name="What an intensive outpatient program is").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What an intensive outpatient program is")
    seen = [page.url]
    while (following := page.locator('a[rel="next"]')).count():
        following.click()
        seen.append(page.url)
    assert len(seen) == len(set(seen)) >= 10
    page.get_by_role("link", name="Print the whole guide").click()
    expect(page.get_by_role("heading", name="What an intensive outpatient program is").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_writes_and_is_told_what_happens_next(
    new_page: Callable[..., Page], site: Site, javascript: bool
) -> None:
    page = new_page(javascript=javascript, width=360)
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Connect with Admissions").first.click()
    fill_enquiry(page)
    take_time(page)
    reference = send(page)
    expect(page.get_by_text(spoken(reference))).to_be_visible()
    expect(
        page.get_by_text("by Monday").or_(page.get_by_text(re.compile("by (Mon|Tues|Wednes|Thurs|Fri)day")))
    ).to_be_visible()
    mail = mail_about(site, spoken(reference))
    assert f"{site.url}/admin/" in mail
    for private in ("Ruth", "Sample", "555-0123", "5550123", "ruth@", "school"):
        assert private not in mail


def mail_about(site: Site, reference: str) -> str:
    deadline = time.monotonic() + MAIL_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if found := [mail for mail in site.mails() if reference in mail]:
            assert len(found) == 1
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail about {reference}; the site said:\n{site.output()}")


@pytest.mark.parametrize("javascript", [True, False])
def test_mistakes_are_named_and_nothing_that_was_written_is_lost(
    new_page: Callable[..., Page], javascript: bool
) -> None:
    page = new_page(javascript=javascript, width=360)
    page.goto("/admissions/")
    fill_enquiry(page)
    page.get_by_label("Telephone number").fill("123")
    page.get_by_role("button", name="Send to Admissions").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    assert page.title().startswith("Error:")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Telephone number")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Ruth Sample")
    page.get_by_label("Telephone number").fill("617-555-0123")
    send(page)


def test_back_and_sending_again_gives_the_same_reference(page: Page) -> None:
    page.goto("/admissions/")
    fill_enquiry(page)
    first = send(page)
    page.go_back()
    fill_enquiry(page)
    assert send(page) == first


def test_a_double_click_sends_once(page: Page, site: Site) -> None:
    before = enquiries(site)
    page.goto("/admissions/")
    fill_enquiry(page)
    page.get_by_role("button", name="Send to Admissions").dblclick()
    page.wait_for_url(REFERENCE)
    assert enquiries(site) == before + 1


def enquiries(site: Site) -> int:
    code = "from admissions.models import Enquiry; print('count', Enquiry.objects.count())"
    return int(site.manage("shell", "-v", "0", "-c", code).split("count")[1])


def test_staff_edit_publish_and_open(staff_page: Page, new_page: Callable[..., Page]) -> None:
    visitor = new_page()
    visitor.goto("/admissions/")
    fill_enquiry(visitor, name="Miriam Example")
    take_time(visitor)
    reference = send(visitor)

    staff_page.get_by_role("link", name="Pages").click()
    staff_page.get_by_role("link", name="Goals", exact=True).click()
    editor = staff_page.locator(".ProseMirror:visible").first
    editor.click()
    staff_page.keyboard.press("Control+End")
    staff_page.keyboard.type(" A sentence of today.")
    staff_page.get_by_role("button", name="Save draft", exact=True).click()
    read_anew(visitor, "/goals/")
    expect(visitor.get_by_text("A sentence of today.")).to_have_count(0)
    staff_page.get_by_role("button", name="Save and review before publishing").click()
    expect(staff_page.locator("ins", has_text="A sentence of today.")).to_be_visible()
    staff_page.get_by_role("button", name="Publish this version").click()
    expect(staff_page.get_by_text("is live.")).to_be_visible()
    read_anew(visitor, "/goals/")
    expect(visitor.get_by_text("A sentence of today.")).to_be_visible()

    staff_page.goto("/admin/")
    staff_page.get_by_role("link", name="Enquiries").click()
    expect(staff_page.get_by_text("Miriam Example")).to_be_visible()
    staff_page.get_by_role("link", name=spoken(reference)).click()
    expect(staff_page.get_by_text("He has not been to school for three weeks.")).to_be_visible()
    expect(staff_page.get_by_role("link", name="(617) 555-0123")).to_have_attribute("href", "tel:+16175550123")
    staff_page.get_by_label("What happened?").fill("Called, will call again at five.")
    staff_page.get_by_role("button", name="Move to: In contact").click()
    expect(staff_page.get_by_text("Called, will call again at five.")).to_be_visible()
    staff_page.goto("/admin/admissions/readrecord/")
    expect(staff_page.get_by_text(spoken(reference)).first).to_be_visible()
