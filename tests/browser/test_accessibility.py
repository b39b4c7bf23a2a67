"""axe-core on every public page and state, and reflow at 320 px."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.test_journeys import fill_enquiry, send

PAGES = [
    "/",
    "/what-an-iop-is/",
    "/who-might-benefit/",
    "/goals/",
    "/how-long-it-lasts/",
    "/what-it-involves/",
    "/benefits/",
    "/levels-of-care/",
    "/conditions/",
    "/why-trust-us/",
    "/cost-and-insurance/",
    "/what-happens-next/",
    "/privacy/",
    "/accessibility/",
    "/guide/print/",
    "/admissions/",
    "/crisis/",
    "/which-level/",
    "/which-level/?a=3-1-1",
    "/which-level/?a=3-1-1-3-2-1-1",
    "/which-level/?a=x",
    "/guide/print/?pages=",
    "/guide/print/?pages=goals,nope",
    "/search/",
    "/search/?q=insurence",
    "/search/?q=xylophone",
    "/search/?q=kill+myself",
    "/es/search/?q=suicidio",
    "/no-such-page/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    page = new_page(width=width, scheme=scheme)
    found = {}
    for path in PAGES:
        page.goto(path)
        if violations := axe(page):
            found[path] = violations
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_form_with_errors_and_the_confirmation(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    page = new_page(width=width, scheme=scheme)
    page.goto("/admissions/")
    page.get_by_role("button", name="Send to Admissions").click()
    page.wait_for_selector("[role=alert]")
    assert not axe(page)
    fill_enquiry(page)
    send(page)
    assert not axe(page)


def test_every_page_of_the_site_is_in_the_list(page: Page) -> None:
    """A page that the sample gains is checked as well."""
    page.goto("/")
    paths = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    assert set(paths) <= {*PAGES, "/admissions/"}


def test_nothing_scrolls_sideways_at_320_px(new_page: Callable[..., Page]) -> None:
    page = new_page(width=320)
    wide = []
    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert not wide


def test_the_keyboard_reaches_the_crisis_line_first_and_then_the_text(page: Page) -> None:
    page.goto("/goals/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "tel:988"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
