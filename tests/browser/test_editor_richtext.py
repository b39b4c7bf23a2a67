"""The rich text of the page editor without a mouse, and as a screen reader is told of it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.editor import BLOCKS, BOX, focused, open_editor, press
from tests.launched import Site

LIST = """
add_block(page, RichText, body="<ul><li><p>One</p></li><li><p>Two</p></li></ul>", ordering=10)
"""


def test_rich_text_has_its_fields_name_and_help(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    box = page.locator(BLOCKS).nth(1).locator(BOX)
    expect(box).to_have_accessible_name("Text:")
    expect(box).to_have_accessible_description(re.compile("^Headings of level 2"))
    expect(box).to_have_attribute("aria-required", "true")
    page.locator(BLOCKS).nth(1).get_by_text("Text:", exact=True).click()
    expect(box).to_be_focused()


def test_the_toolbar_is_one_stop_whose_buttons_say_what_they_do(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    block = page.locator(BLOCKS).nth(1)
    toolbar = block.get_by_role("toolbar", name="Formatting: Text", exact=True)
    names = toolbar.get_by_role("button").evaluate_all("all => all.map((button) => button.ariaLabel)")
    assert names == [
        "Text style: Heading 2",
        "Bulleted list",
        "Numbered list",
        "Quotation",
        "Bold",
        "Italic",
        "Link",
        "Undo",
        "Redo",
    ]
    box = block.locator(BOX)
    box.focus()
    press(page, "Shift+Tab")
    expect(focused(page)).to_have_accessible_name("Text style: Heading 2")
    press(page, "ArrowLeft")
    expect(focused(page)).to_have_accessible_name("Redo")
    expect(focused(page)).to_have_attribute("aria-disabled", "true")
    press(page, "Home", *["ArrowRight"] * 4)
    expect(focused(page)).to_have_accessible_name("Bold")
    expect(focused(page)).to_have_attribute("aria-pressed", "false")
    press(page, "Tab")
    expect(box).to_be_focused()
    press(page, "Control+a")
    press(page, "Shift+Tab")
    expect(focused(page)).to_have_accessible_name("Bold")
    press(page, "Enter")
    expect(box).to_be_focused()
    expect(toolbar.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")


def test_a_heading_is_chosen_by_keyboard(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    box = page.locator(BLOCKS).nth(1).locator(BOX)
    box.focus()
    press(page, "Shift+Tab", "Enter")
    expect(focused(page)).to_have_text("Heading 2")
    press(page, "ArrowDown", "Enter")
    expect(box).to_be_focused()
    expect(box.locator("h3")).to_have_text("What happens")
    expect(page.get_by_role("button", name="Text style: Heading 3")).to_have_count(1)


def test_a_link_is_made_by_keyboard(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    box = page.locator(BLOCKS).nth(0).locator(BOX)
    box.focus()
    press(page, "Control+a", "Control+k")
    expect(page.get_by_role("dialog", name="Edit Link")).to_be_visible()
    page.keyboard.type("https://example.org/")
    press(page, "Enter")
    expect(box).to_be_focused()
    expect(box.get_by_role("link", name="Eight people.")).to_have_attribute("href", "https://example.org/")


def test_tab_leaves_a_list_and_brackets_indent_it(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site, LIST)
    box = page.locator(BOX)
    box.focus()
    press(page, "Control+End")
    page.wait_for_timeout(100)  # ProseMirror hears of a new cursor a moment later
    press(page, "Control+]")
    expect(box.locator("ul ul")).to_have_text("Two")
    press(page, "Control+[")
    expect(box.locator("ul ul")).to_have_count(0)
    press(page, "Tab")
    expect(focused(page)).to_have_accessible_name("Add a block at the end")
    press(page, "Shift+Tab")
    expect(box).to_be_focused()
    press(page, "Shift+Tab")
    expect(focused(page)).to_have_attribute("class", re.compile("prose-menubar__button"))
    assert box.inner_text().split() == ["One", "Two"]
