"""What a block points to, a page or a picture, and where its links lead: chosen and typed without a mouse."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.editor import BLOCKS, BOX, focus, open_editor, press, save
from tests.launched import Site

BUTTON = """
from content.blocks import CallToAction
add_block(page, CallToAction, heading="Ready?", ordering=10)
"""
TEXT = """
add_block(page, RichText, body="<p>Our goals</p>", ordering=10)
"""


def test_a_button_leads_to_a_page_that_is_chosen_by_its_first_letters(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site, BUTTON)
    target = page.get_by_label("Leads to:").first
    assert target.locator("option").count() == 1
    target.focus()
    page.keyboard.type("Cost")
    expect(target.locator("option:checked")).to_have_text("Cost and insurance")
    save(page)
    expect(target.locator("option")).to_have_text(["---------", "Cost and insurance"])
    # Once the list is there, what is chosen stands at its place and stays chosen.
    target.focus()
    expect(target.locator("option:checked")).to_have_text("Cost and insurance")
    names = target.locator("option").all_text_contents()
    assert len(names) > 10
    assert len(set(names)) == len(names)


def test_a_new_block_has_the_list_too(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site, TEXT)
    focus(page, "button", "Add a block at the end")
    press(page, "Enter")
    page.get_by_role("menu").get_by_text("Call to action", exact=True).click()
    target = page.locator(BLOCKS).last.get_by_label("Leads to:")
    target.focus()
    page.keyboard.type("Goals")
    expect(target.locator("option:checked")).to_have_text("Goals")


def test_a_link_that_was_typed_as_an_address_is_shown_as_one_and_stored_as_the_page(
    staff_page: Page, site: Site
) -> None:
    page = open_editor(staff_page, site, TEXT)
    box = page.locator(BOX).first
    box.focus()
    press(page, "Control+a", "Control+k")
    page.get_by_role("dialog").get_by_label("URL").fill("/goals/")
    press(page, "Enter")
    save(page)
    expect(page.locator(BOX).first.get_by_role("link", name="Our goals")).to_have_attribute("href", "/goals/")
    code = "from content.models import RichText; print(RichText.objects.latest('pk').body)"
    assert '<a href="page:' in site.run(code)
