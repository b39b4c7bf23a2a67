"""A form whose proof the server refuses, because the login began anew since: its words are offered after the login."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.editor import open_editor
from tests.launched import STAFF_PASSWORD, Site


def test_words_survive_a_form_that_was_not_taken(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    page.get_by_label("Short answer").fill("Typed before the login ended.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.get_by_text("Your words are kept in this tab.")).to_be_visible()
    page.get_by_role("link", name="Log in and get them back").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="You had typed something that was not saved")).to_be_visible()
    page.get_by_role("button", name="Save it now").click()
    expect(page.get_by_label("Short answer")).to_have_value("Typed before the login ended.")
    expect(page.locator(".messagelist .success")).to_be_visible()
