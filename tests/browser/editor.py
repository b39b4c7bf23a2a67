"""The page editor as the browser tests use it: a draft to open, keys to press, and what is to be seen."""

from __future__ import annotations

import uuid

from playwright.sync_api import Locator, Page, expect

from tests.launched import STAFF_PASSWORD, Site

BLOCKS = ".order-machine > .inline-related:not(.empty-form)"
HEADINGS = f"{BLOCKS} > h3"
BOX = "[role=textbox][contenteditable=true]"

MAKE = """
from content.blocks import CareCard, KeyFact, ListItem, Question, RichText, Step
from tests.content.factories import add_block, make_page
page = make_page(blocks=0, slug="{slug}")
{blocks}
print(page.pk)
"""
THREE_BLOCKS = """
add_block(page, ListItem, term="Group therapy", explanation="<p>Eight people.</p>", ordering=10)
add_block(page, RichText, body="<h2>What happens</h2><p>You come in.</p>", ordering=20)
add_block(page, ListItem, term="Family sessions", explanation="<p>Once a week.</p>", ordering=30)
"""


def open_editor(page: Page, site: Site, blocks: str = THREE_BLOCKS) -> Page:
    """`page` on a new draft with the blocks that this code adds."""
    page.goto(new_draft(site, blocks))
    expect(page.locator(".collapse-all-blocks")).to_be_visible()
    return page


def new_draft(site: Site, blocks: str) -> str:
    """The path of its change form."""
    code = MAKE.format(slug=f"draft-{uuid.uuid4().hex[:8]}", blocks=blocks)
    return f"/admin/content/page/{site.run(code).strip()}/change/"


def headings(page: Page) -> list[str]:
    """Kind and first words of each block in the order of the document, which must be the one that is seen."""
    tops = page.locator(BLOCKS).evaluate_all("blocks => blocks.map((block) => block.getBoundingClientRect().top)")
    assert tops == sorted(tops), "Tab does not go where the eye goes"
    kinds = page.locator(f"{HEADINGS} > b").all_text_contents()
    return [f"{kind} {text}" for kind, text in zip(kinds, words(page), strict=True)]


def words(page: Page) -> list[str]:
    """The first words of each block alone."""
    return [text.strip() for text in page.locator(f"{HEADINGS} > .inline_label").all_text_contents()]


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]


def save(page: Page) -> None:
    with page.expect_navigation():
        press(page, "Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("changed successfully")
    expect(page.locator(".collapse-all-blocks")).to_be_visible()


def announced(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text)


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
