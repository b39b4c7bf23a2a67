"""The blocks of the page editor without a mouse, and as a screen reader is told of them."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.editor import (
    BLOCKS,
    BOX,
    HEADINGS,
    THREE_BLOCKS,
    announced,
    focus,
    focused,
    headings,
    log_in,
    new_draft,
    open_editor,
    press,
    save,
    words,
)
from tests.launched import STAFF_PASSWORD, Site

# Milliseconds of script, on a page of 200 blocks, that nobody notices; measured here: about 15.
QUICK = 200
TWO_HUNDRED_BLOCKS = """
for number in range(200):
    kind = [KeyFact, ListItem, Step, Question, RichText][number % 5]
    fields = {
        KeyFact: {"figure": f"{number}", "label": "hours"},
        ListItem: {"term": f"Term {number}", "explanation": "<p>What it is.</p>"},
        Step: {"title": f"Step {number}", "body": "<p>Then this.</p>"},
        Question: {"question": f"Why {number}?", "answer": "<p>Because.</p>"},
        RichText: {"body": f"<h2>Part {number}</h2><p>Its words.</p>"},
    }[kind]
    add_block(page, kind, ordering=10 * (number + 1), **fields)
"""


def test_tab_goes_through_a_block_in_the_order_that_is_seen(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    assert words(page) == ["Group therapy", "What happens", "Family sessions"]
    focus(page, "button", "Collapse all blocks")
    seen = []
    for _ in range(16):
        press(page, "Tab")
        seen.append(focused(page).evaluate("(element) => element.getBoundingClientRect().top + scrollY"))
        assert focused(page).evaluate("(element) => element.checkVisibility({visibilityProperty: true})")
    # Those of one line stand at slightly different heights.
    assert all(after > before - 40 for before, after in itertools.pairwise(seen)), seen
    assert seen[-1] > seen[0] + 300


def test_every_control_says_which_block_it_is_for(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    for name in ("Add a block above", "Move up", "Move down"):
        expect(page.get_by_role("button", name=f"{name} List item Family sessions", exact=True)).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Delete List item Family sessions", exact=True)).to_have_count(1)
    expect(page.get_by_role("heading", name="List item Family sessions", exact=True)).to_have_count(1)
    expect(page.get_by_role("group", name="List item Family sessions", exact=True)).to_have_count(1)


def test_a_block_moves_and_the_focus_stays_with_it(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    focus(page, "button", "Move up List item Family sessions")
    press(page, "Enter")
    announced(page, "List item “Family sessions” is now number 2 of 3.")
    press(page, "Enter")
    announced(page, "List item “Family sessions” is now number 1 of 3.")
    expect(focused(page)).to_have_accessible_name("Move up List item Family sessions")
    expect(focused(page)).to_have_attribute("aria-disabled", "true")
    press(page, "Enter")
    announced(page, "List item “Family sessions” is the first block already.")
    assert words(page) == ["Family sessions", "Group therapy", "What happens"]
    press(page, "Tab", "Space")
    announced(page, "List item “Family sessions” is now number 2 of 3.")
    save(page)
    assert headings(page) == ["List item Group therapy", "List item Family sessions", "Text What happens"]


def test_a_block_is_added_where_it_was_asked_for(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    focus(page, "button", "Add a block above Text What happens")
    press(page, "Enter")
    expect(focused(page)).to_have_accessible_name("Text")
    press(page, "k", "Enter")
    expect(focused(page)).to_have_accessible_name("Figure:")
    expect(focused(page)).to_have_accessible_description("Shown large, such as “3–4 hours”.")
    announced(page, "Key fact added. It is number 2 of 4.")
    page.keyboard.type("3 hours")
    press(page, "Tab")
    page.keyboard.type("a day")
    assert words(page)[1] == "3 hours"
    save(page)
    assert headings(page)[1] == "Key fact 3 hours"


def test_the_first_block_of_an_empty_page(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site, "")
    focus(page, "button", "Add a block at the end")
    press(page, "Space", "Enter")
    announced(page, "Text added. It is number 1 of 1.")
    expect(focused(page)).to_have_accessible_name("Text:")
    page.keyboard.type("Welcome.")
    save(page)
    assert headings(page) == ["Text Welcome."]


def test_the_menu_of_kinds_is_used_by_arrows_and_left_by_escape(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    adder = page.get_by_role("button", name="Add a block above Text What happens")
    expect(page.get_by_role("menu")).to_have_count(0)
    adder.focus()
    press(page, "Enter")
    expect(adder).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("menu", name="Kinds of block")).to_be_visible()
    press(page, "ArrowDown", "ArrowDown")
    expect(focused(page)).to_have_accessible_name("Key fact")
    press(page, "End")
    expect(focused(page)).to_have_accessible_name("Milestone")
    press(page, "ArrowDown")
    expect(focused(page)).to_have_accessible_name("Text")
    press(page, "Escape")
    expect(adder).to_be_focused()
    expect(adder).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("menu")).to_have_count(0)
    press(page, "Enter", "Tab")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(focused(page)).to_have_accessible_name("Text What happens")
    assert len(words(page)) == 3


def test_blocks_collapse_and_expand(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    toggle = page.get_by_role("button", name="Text What happens", exact=True)
    box = page.locator(BLOCKS).nth(1).locator(BOX)
    expect(toggle).to_have_attribute("aria-expanded", "true")
    toggle.focus()
    press(page, "Enter")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_hidden()
    press(page, "Space")
    expect(box).to_be_visible()
    focus(page, "button", "Collapse all blocks")
    press(page, "Enter")
    expect(page.locator(".block-toggle[aria-expanded=false]")).to_have_count(3)
    expect(focused(page)).to_have_accessible_name("Expand all blocks")
    press(page, "Enter")
    expect(page.locator(".block-toggle[aria-expanded=true]")).to_have_count(3)


def test_a_saved_block_is_marked_for_deletion_and_kept_again(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    box = page.get_by_role("checkbox", name="Delete List item Group therapy")
    box.focus()
    press(page, "Space")
    announced(page, "List item “Group therapy” will be deleted when you save. Untick the box to keep it.")
    expect(box).to_be_focused()
    expect(page.locator(BLOCKS).first).to_have_class(re.compile("for-deletion"))
    press(page, "Space")
    announced(page, "List item “Group therapy” will be kept.")
    expect(page.locator(BLOCKS).first).not_to_have_class(re.compile("for-deletion"))
    press(page, "Space")
    save(page)
    assert words(page) == ["What happens", "Family sessions"]


def test_removing_a_new_block_leaves_the_others_as_they_are(staff_page: Page, site: Site) -> None:
    """Django numbers the rest anew in the order of the document: saved ones must not get a new one's number."""
    page = open_editor(staff_page, site)
    for term in ("First new", "Second new"):
        focus(page, "button", "Add a block above List item Group therapy")
        press(page, "Enter", "l", "Enter")
        expect(focused(page)).to_have_accessible_name("Term:")
        page.keyboard.type(term)
        press(page, "Tab", "Tab")
        page.keyboard.type("Its words.")
    assert words(page)[:3] == ["First new", "Second new", "Group therapy"]
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Remove List item First new").focus()
    press(page, "Space")
    assert asked == ["Remove List item “First new”? It has not been saved, so its words will be lost."]
    assert len(words(page)) == 5
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "Space")
    announced(page, "List item “First new” removed. Blocks left: 4.")
    expect(focused(page)).to_have_accessible_name("List item Second new")
    term = page.locator(BLOCKS).first.locator("input[type=text]")
    assert term.get_attribute("id") == f"id_{term.get_attribute('name')}"
    save(page)
    after = ["List item Second new", "List item Group therapy", "Text What happens", "List item Family sessions"]
    assert headings(page) == after


def test_after_dragging_tab_follows_the_eye_again(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    page.set_viewport_size({"width": 1280, "height": 1600})
    focus(page, "button", "Collapse all blocks")
    press(page, "Enter")
    expect(page.locator(f"{BLOCKS} > fieldset:visible")).to_have_count(0)
    first, last = (page.locator(HEADINGS).nth(number).bounding_box() for number in (0, 2))
    assert first
    assert last
    page.mouse.move(first["x"] + 300, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(last["x"] + 300, last["y"] + 20, steps=5)
    page.mouse.move(last["x"] + 300, last["y"] + last["height"] - 4, steps=5)
    page.mouse.up()
    expect(page.locator(f"{HEADINGS} > .inline_label").last).to_have_text("Group therapy")
    assert words(page) == ["What happens", "Family sessions", "Group therapy"]
    expect(page.locator(".fs-dragging, .inline-related.selected")).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert words(page) == ["What happens", "Family sessions", "Group therapy"]


def test_a_refused_save_leads_to_the_field(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site)
    focus(page, "button", "Add a block above List item Family sessions")
    press(page, "Enter", "k", "Enter")
    expect(focused(page)).to_have_accessible_name("Figure:")
    with page.expect_navigation():
        press(page, "Control+s")
    expect(page.locator(".errornote")).to_be_visible()
    expect(focused(page)).to_have_accessible_name("Figure:")
    expect(focused(page)).to_have_accessible_description(re.compile("This field is required"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_among_the_blocks(
    new_page: Callable[..., Page], site: Site, axe: Callable[[Page], list[str]], scheme: str
) -> None:
    # axe writes style sheets of its own into the page, which the policy rightly refuses.
    page = new_page(scheme=scheme, bypass_csp=True)
    log_in(page)
    page.goto(new_draft(site, THREE_BLOCKS))
    expect(page.locator(".collapse-all-blocks")).to_be_visible()
    page.get_by_role("button", name="Add a block above Text What happens").click()
    expect(page.get_by_role("menu")).to_be_visible()
    ours = re.compile("order-machine|inline-related|prose|block-|content_|plugin-button|collapse")
    assert [finding for finding in axe(page) if ours.search(finding)] == []


def test_two_hundred_blocks_stay_quick(staff_page: Page, site: Site) -> None:
    page = open_editor(staff_page, site, TWO_HUNDRED_BLOCKS)
    assert len(headings(page)) == 200
    for name in ("Move up Text Part 149", "Move down List item Term 21"):
        focus(page, "button", name)
        took = focused(page).evaluate(
            """(button) => {
                const start = performance.now()
                button.click()
                document.body.getBoundingClientRect()
                return performance.now() - start
            }"""
        )
        assert took < QUICK
        expect(focused(page)).to_have_accessible_name(name)
    assert words(page)[148:150] == ["Part 149", "Why 148?"]


def test_who_may_only_look_sees_the_blocks_in_their_order(new_page: Callable[..., Page], site: Site) -> None:
    name = f"viewer-{uuid.uuid4().hex[:8]}"
    code = f"""
from django.contrib.auth.models import Permission, User
viewer = User.objects.create_user("{name}", password="{STAFF_PASSWORD}", is_staff=True)
viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_", content_type__app_label="content"))
"""
    site.run(code)
    page = new_page()
    page.goto(f"/admin/login/?next={new_draft(site, THREE_BLOCKS)}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(STAFF_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("<p>Eight people.</p>")).to_be_visible()
    assert words(page) == ["Group therapy", "What happens", "Family sessions"]
    assert headings(page)[0] == "List item Group therapy"
    expect(page.locator(".block-move, .block-controls .delete")).to_have_count(0)
    expect(page.locator(".order-machine-insert-target:visible")).to_have_count(0)


def test_nothing_is_added_and_nothing_breaks_where_the_markup_is_another(staff_page: Page, site: Site) -> None:
    """The watch of every browser test fails on a script error."""
    path = new_draft(site, THREE_BLOCKS)

    def other_markup(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("<h3><b>", "<h3><strong>").replace(":</b> <span", ":</strong> <span")
        route.fulfill(response=response, body=body)

    staff_page.route(f"**{path}", other_markup)
    staff_page.goto(path)
    expect(staff_page.locator(BOX)).to_have_count(3)
    expect(staff_page.locator("h3 > strong").first).to_have_text("List item:")
    expect(staff_page.locator(".block-controls")).to_have_count(0)
