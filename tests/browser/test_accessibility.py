"""axe-core on every public page and state, and reflow: at 320 px, at a zoom of 400 %, and with text of twice the
size. Every state in every width and scheme of colors is for `make audit`."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.measures import IS_WIDE, SIDEWAYS, ZOOMED, misfits, set_window
from tests.browser.test_journeys import fill_enquiry, send
from tests.launched import Site, get

# What the sitemap does not name.
STATES = [
    "/guide/print/",
    "/admissions/privacy/",
    "/which-level/?a=3-1-1",
    "/which-level/?a=3-1-1-3-2-1-1",
    "/which-level/?a=x",
    "/guide/print/?pages=",
    "/guide/print/?pages=goals,nope",
    "/goals/changes/",
    "/schedule/?days=5",
    "/search/",
    "/search/?q=insurence",
    "/search/?q=xylophone",
    "/search/?q=kill+myself",
    "/es/search/?q=suicidio",
    "/es/guide/print/",
    "/es/which-level/?a=3-1-1",
    "/no-such-page/",
    "/es/no-existe/",
]


@pytest.fixture(scope="session")
def listed(site: Site) -> list[str]:
    """The path of every page that the sitemap names, in every language."""
    paths = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", get(f"{site.url}/sitemap.xml")[1])
    assert len(paths) > 60
    return paths


@pytest.mark.parametrize(("width", "scheme", "first"), [(320, "light", "/"), (1280, "dark", "/es/")])
def test_axe_finds_nothing_on_any_page_and_none_scrolls_sideways(
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    listed: list[str],
    width: int,
    scheme: str,
    first: str,
) -> None:
    page = new_page(width=width, scheme=scheme)
    found = {}
    for path in [*(path for path in listed if path.startswith(first)), *STATES]:
        page.goto(path)
        if violations := axe(page) + (["scrolls sideways"] if page.evaluate(IS_WIDE) else []):
            found[path] = violations
    assert not found


def test_axe_finds_nothing_where_colors_are_forced(
    new_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = new_page(width=768, forced_colors="active")
    found = {}
    for path in ["/", "/schedule/", "/levels-of-care/", "/how-long-it-lasts/", "/admissions/", "/crisis/", *STATES]:
        page.goto(path)
        if violations := axe(page):
            found[path] = violations
    assert not found


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
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


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways_or_is_cut_where_text_is_twice_as_large(
    new_page: Callable[..., Page], listed: list[str], width: int
) -> None:
    page = new_page(width=width)
    # As a reader sets it in the browser: the site's breakpoints follow.
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    found = {}
    for path in [*listed, "/which-level/?a=3-1-1", "/search/?q=kill+myself", "/es/no-existe/"]:
        page.goto(path)
        if wide := page.evaluate(SIDEWAYS):
            found[path] = wide
    assert not found


def test_everything_fits_where_a_page_is_zoomed_to_400_percent(new_page: Callable[..., Page]) -> None:
    page = new_page()
    set_window(page.context.new_cdp_session(page), **ZOOMED)
    found = {}
    for path in ["/", "/schedule/", "/es/niveles-de-atencion/", "/admissions/", "/crisis/", "/search/?q=kill+myself"]:
        page.goto(path)
        if wrong := misfits(page):
            found[path] = wrong
    assert not found


def test_the_keyboard_reaches_the_crisis_line_first_and_then_the_text(page: Page) -> None:
    page.goto("/goals/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "tel:988"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
