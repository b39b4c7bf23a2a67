"""The private link from the confirmation to withdrawing, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


def press(page: Page, name: str) -> None:
    """A button of the page, or a link where it has none of that name."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def send_message(page: Page) -> None:
    page.get_by_label("A parent or guardian").check()
    page.get_by_label("Teen (13–17)").check()
    page.get_by_label("Your name").fill("Ruth Sample")
    page.get_by_label("Telephone number", exact=True).fill("(617) 555-0123")
    page.get_by_label("Call me", exact=True).check()
    page.get_by_label("Call the number I give you").check()
    page.get_by_label("State where the person seeking care lives").select_option("MA")
    press(page, "Send to Admissions")


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_makes_a_private_link_adds_changes_and_withdraws(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], javascript: bool
) -> None:
    def look(page: Page) -> None:
        # axe-core itself is JavaScript.
        assert not javascript or axe(page) == []

    page = new_page(javascript=javascript, width=360)
    heading = page.get_by_role("heading", level=1)
    page.goto("/admissions/")
    send_message(page)
    page.wait_for_url(re.compile("/received/"))
    look(page)
    press(page, "Make a private link")
    expect(heading).to_have_text("Your private link")
    look(page)
    address = page.get_by_text(re.compile("/admissions/mine/")).inner_text()
    # The page was fetched, so Back and Forward find it again.
    page.go_back()
    expect(heading).to_have_text("We have received your message")
    page.go_forward()
    expect(page.get_by_text(address)).to_be_visible()
    copying = page.get_by_role("button", name="Copy the address")
    expect(copying).to_be_visible(visible=javascript)
    if javascript:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copying.click()
        expect(page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == address

    page = new_page(javascript=javascript, width=360)
    heading, main = page.get_by_role("heading", level=1), page.get_by_role("main")
    page.goto(address)
    expect(heading).to_have_text("Your message")
    expect(main).not_to_contain_text("Ruth")
    look(page)

    press(page, "Add to your message")
    press(page, "Add this to my message")
    expect(page.get_by_role("alert")).to_contain_text("Please write what you would like to add.")
    look(page)
    page.get_by_label("What would you like to add?").fill("He said that he wants to kill himself.")
    press(page, "Add this to my message")
    expect(page.get_by_role("status", name="Done")).to_contain_text("Your message has been added.")
    expect(main).to_contain_text("Please reach a person now")

    press(page, "Change what is safe")
    look(page)
    page.get_by_label("Send a text message").check()
    press(page, "Save what is safe")
    expect(page.get_by_role("status", name="Done")).to_contain_text("From now on we go by them.")

    press(page, "Change when we call")
    look(page)
    page.get_by_label("When should we call you?").select_option(index=1)
    press(page, "Save this time")
    expect(main).to_contain_text("We call on")

    press(page, "Withdraw your message")
    look(page)
    press(page, "Withdraw and erase my message")
    expect(page.get_by_role("status", name="Done")).to_contain_text("Your message has been withdrawn.")
    expect(main).to_contain_text("What you wrote is erased")
    page.goto(address)
    expect(main).not_to_contain_text("We call on")
    look(page)
