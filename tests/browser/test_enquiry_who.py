"""The questions change with who writes; what was answered stays."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_whoever_changes_who_writes_and_back_finds_their_answers_again(page: Page) -> None:
    page.goto("/admissions/")
    page.get_by_label("A parent or guardian").check()
    page.get_by_label("Send a text message").check()
    page.get_by_label("Evening (5–8 p.m.)").check()
    page.get_by_label("Give a first name only").check()
    page.get_by_text("Is it safer to reach somebody else instead?").click()
    page.get_by_label("Whom should we ask for?").fill("Aunt May")

    page.get_by_label("A professional, such as").check()
    page.get_by_label("Organization").fill("Example School")
    expect(page.get_by_label("Send a text message")).to_have_count(0)
    page.get_by_label("A parent or guardian").check()

    expect(page.get_by_label("Send a text message")).to_be_checked()
    expect(page.get_by_label("Leave a voicemail")).not_to_be_checked()
    expect(page.get_by_label("Evening (5–8 p.m.)")).to_be_checked()
    expect(page.get_by_label("Give a first name only")).to_be_checked()
    # Folded parts that have an answer are open.
    expect(page.get_by_label("Whom should we ask for?")).to_be_visible()
    expect(page.get_by_label("Whom should we ask for?")).to_have_value("Aunt May")
    # The last word holds, also where it is none.
    page.get_by_label("Send a text message").uncheck()
    page.get_by_label("A professional, such as").check()
    expect(page.get_by_label("Organization")).to_have_value("Example School")
    page.get_by_label("A parent or guardian").check()
    expect(page.get_by_label("Evening (5–8 p.m.)")).to_be_checked()
    expect(page.get_by_label("Send a text message")).not_to_be_checked()
