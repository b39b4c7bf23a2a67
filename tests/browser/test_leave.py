"""'Leave this page' in a real browser: the page is gone from the screen and from the tab's history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.launched import Site

ELSEWHERE = "https://www.weather.gov/"
WEATHER = "<!doctype html><title>Weather</title><p>Sunny</p>"


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def has_javascript(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def leaver(browser: Browser, site: Site, has_javascript: bool) -> Iterator[Page]:
    """A visitor on the crisis page who came from the front page; the neutral site is played by the test.

    Not of `new_page`: that forbids a request to another origin, which is what leaving is.
    """
    context = browser.new_context(base_url=site.url, java_script_enabled=has_javascript)
    context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body=WEATHER, content_type="text/html"))
    page = context.new_page()
    page.goto("/")
    page.goto("/crisis/")
    yield page
    context.close()


def left(page: Page) -> None:
    page.wait_for_url(ELSEWHERE)
    expect(page.get_by_text("Sunny")).to_be_visible()


def test_the_link_leaves_and_back_returns_only_without_javascript(
    leaver: Page, site: Site, has_javascript: bool
) -> None:
    with leaver.expect_request(ELSEWHERE) as sent:
        leaver.get_by_role("link", name="Leave this page").click()
    left(leaver)
    assert "referer" not in sent.value.all_headers()
    leaver.go_back()
    assert leaver.url == (f"{site.url}/" if has_javascript else f"{site.url}/crisis/")


@pytest.mark.parametrize("has_javascript", [True], indirect=True)
class TestShift:
    def test_three_times_leaves(self, leaver: Page, site: Site) -> None:
        leaver.keyboard.press("Shift")
        expect(leaver.locator(".leave-said")).to_have_text("Press Shift two more times to leave this page.")
        leaver.keyboard.press("Shift")
        leaver.keyboard.press("Shift")
        left(leaver)
        leaver.go_back()
        assert leaver.url == f"{site.url}/"

    def test_capitals_and_other_keys_in_between_do_not_count(self, leaver: Page) -> None:
        leaver.goto("/admissions/")
        name = leaver.get_by_label("Your name")
        name.press_sequentially("A")
        for _ in range(4):
            name.press("Shift+B")
            name.press("Shift")
            name.press("c")
        name.press("Shift")
        name.press("Shift")
        expect(leaver.locator(".leave-said")).to_have_text("Press Shift one more time to leave this page.")
        expect(name).to_have_value("ABcBcBcBc")
        name.press("Shift")
        left(leaver)

    def test_the_page_is_covered_before_the_other_one_answers(self, leaver: Page) -> None:
        shown = leaver.evaluate("""() => {
            document.querySelector(".leave-now a").click();
            const isShown = (selector) => document.querySelector(selector).getClientRects().length > 0;
            return [".crisis", ".leave-now", "header", "main", "footer", ".leave"].filter(isShown);
        }""")
        assert shown == [".leave"]
        left(leaver)
