"""The staff's desk under its policy: every page and every move of an editor, and no breach of it.

The watch of every browser test (conftest.py) fails on a breach. After an upgrade of the editor its message names the
hash that iop_site/csp.py needs.
"""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from iop_site import csp
from tests.browser.conftest import REPORT_BREACHES, Watch
from tests.launched import Site

ADD_PAGE = "/admin/content/page/add/"
MOST_PAGES = 150
READY = ".collapse-all-blocks"


def kind_of(path: str) -> str:
    """The same for pages that differ in numbers or in what is filtered alone."""
    path, _, query = path.partition("?")
    return re.sub(r"\d+", "N", path) + "?" * bool(query)


def test_every_kind_of_page_that_a_link_leads_to(staff_page: Page) -> None:
    waiting, seen = ["/admin/", ADD_PAGE], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        response = staff_page.goto(path)
        assert response
        assert response.status == 200, path
        links = staff_page.locator("a[href]").evaluate_all("all => all.map((link) => link.pathname + link.search)")
        waiting += [link for link in links if link.startswith("/admin/")]
    assert {"/admin/content/page/N/change/", "/admin/auth/user/N/delete/", "/admin/password_change/"} <= seen
    assert not waiting, "more kinds of page than this test goes to"


def test_an_editors_every_move(staff_page: Page) -> None:
    page = staff_page
    page.goto(ADD_PAGE)
    expect(page.locator(READY)).to_be_visible()
    page.locator("#id_title").press_sequentially("A new page")
    page.locator("#id_summary").fill("What this page says, in one sentence.")
    page.get_by_text("Address and place").click()
    expect(page.locator("#id_slug")).to_have_value("a-new-page")
    page.locator("#id_slug").fill(f"page-{uuid.uuid4().hex[:8]}")
    page.get_by_role("searchbox", name="Related pages:").fill("how long")
    page.locator(".select2-results__option", has_text="How long").first.click()

    kinds = page.locator(".plugin-button-title").all_text_contents()
    assert len(kinds) > 8
    for kind in kinds:
        page.get_by_role("button", name="Add a block at the end").click()
        page.get_by_role("menu").get_by_text(kind, exact=True).click()
    expect(page.locator(".block-controls")).to_have_count(len(kinds))
    drag_the_last_block_up(page)
    write_rich_text(page)
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator(".block-controls")).to_have_count(len(kinds))

    for link in page.locator(".inline-deletelink").all()[::-1]:
        page.once("dialog", lambda dialog: dialog.accept())
        link.click()
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    delete(page)


def drag_the_last_block_up(page: Page) -> None:
    page.locator(READY).click()
    heading = page.locator(".order-machine > .inline-related:not(.empty-form) > h3")
    last = heading.last.inner_text()
    heading.last.drag_to(heading.nth(8), source_position={"x": 300, "y": 20}, target_position={"x": 300, "y": 4})
    expect(heading.last).not_to_have_text(last)
    expect(page.locator(".fs-dragging")).to_have_count(0)
    # By keyboard: a browser under load may take a click for the end of the drag.
    page.locator(READY).press("Enter")


def write_rich_text(page: Page) -> None:
    box = page.locator("[role=textbox][contenteditable=true]").first
    box.click()
    page.keyboard.type("A room with a window")
    page.keyboard.press("Control+a")
    toolbar = page.get_by_role("toolbar").first
    for name in ("Bold", "Italic", "Quotation", "Undo", "Redo", "Undo", "Bulleted list"):
        toolbar.get_by_role("button", name=name).click()
    toolbar.get_by_role("button", name="Link").click()
    page.get_by_role("dialog").get_by_label("URL").fill("https://example.org/")
    page.get_by_role("dialog").get_by_role("button", name="Update").click()
    expect(box.get_by_role("link")).to_have_count(1)
    page.keyboard.press("Control+Enter")


def delete(page: Page) -> None:
    page.goto(page.url.split("#")[0].replace("/change/", "/delete/"))
    page.get_by_role("button", name=re.compile("sure|delete", re.IGNORECASE)).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_popup_for_a_related_page(staff_page: Page) -> None:
    staff_page.goto(ADD_PAGE)
    expect(staff_page.locator(READY)).to_be_visible()
    staff_page.get_by_role("button", name="Add a block at the end").click()
    staff_page.get_by_role("menuitem", name="Call to action").click()
    with staff_page.expect_popup() as opened:
        staff_page.locator(".field-target:visible .add-related").click()
    popup = opened.value
    expect(popup.locator(READY)).to_be_visible()
    title = f"Page {uuid.uuid4().hex[:8]}"
    popup.locator("#id_title").press_sequentially(title)
    popup.locator("#id_summary").fill("What this page says, in one sentence.")
    with popup.expect_event("close"):
        popup.locator("[name=_save]").click()
    expect(staff_page.locator(".field-target:visible option:checked")).to_have_text(title)


def test_calendars_filters_and_the_way_out(staff_page: Page) -> None:
    staff_page.goto("/admin/auth/user/1/change/")
    staff_page.locator(".datetimeshortcuts a:has(.date-icon)").first.click()
    staff_page.locator(".calendar td a").first.click()
    staff_page.locator(".datetimeshortcuts a:has(.clock-icon)").first.click()
    staff_page.locator(".timelist a:visible").first.click()
    staff_page.locator("#id_user_permissions_input").fill("page")
    staff_page.locator("#id_user_permissions_from option").first.dblclick()
    staff_page.goto("/admin/content/page/")
    staff_page.locator("#changelist-filter li a").first.click()
    staff_page.locator("#searchbar").fill("how")
    staff_page.locator("#searchbar").press("Enter")
    expect(staff_page.locator("#result_list tbody tr")).not_to_have_count(0)
    staff_page.get_by_role("button", name="Log out").click()
    expect(staff_page.get_by_text("Log in again")).to_be_visible()


@pytest.mark.parametrize("hash_of_a_style", csp.EDITOR_STYLES)
def test_a_style_that_an_upgrade_changed_is_noticed(
    browser: Browser, site: Site, staff_page: Page, hash_of_a_style: str
) -> None:
    context = browser.new_context(base_url=site.url, storage_state=staff_page.context.storage_state())
    context.add_init_script(REPORT_BREACHES)
    watch = Watch(context, site.url)

    def without_the_hash(route: Route) -> None:
        response = route.fetch()
        policy = response.headers["content-security-policy"].replace(hash_of_a_style, "")
        route.fulfill(response=response, headers=response.headers | {"content-security-policy": policy})

    page = context.new_page()
    page.route(f"**{ADD_PAGE}", without_the_hash)
    page.goto(ADD_PAGE)
    page.get_by_role("button", name="Add a block at the end").click()
    page.get_by_role("menuitem", name="Text", exact=True).click()
    expect(page.get_by_role("toolbar")).to_be_visible()
    with pytest.raises(AssertionError, match=r"sha256-.*CSP: style-src-elem refused inline|CSP.*sha256-(?s:.*)"):
        watch.check()
    assert hash_of_a_style in "\n".join(watch.problems)
    context.close()
