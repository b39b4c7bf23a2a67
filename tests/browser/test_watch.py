"""What guards every other browser test is itself seen to bite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import REPORT_BREACHES, Watch
from tests.launched import Site


@pytest.fixture
def watched(browser: Browser, site: Site) -> Iterator[tuple[Page, Watch]]:
    """A page and its watch, whose findings are this module's to look at."""
    context = browser.new_context(base_url=site.url)
    context.add_init_script(REPORT_BREACHES)
    watch = Watch(context, site.url)
    page = context.new_page()
    page.goto("/")
    yield page, watch
    context.close()


def test_an_ordinary_page_has_no_problems(watched: tuple[Page, Watch]) -> None:
    _, watch = watched
    watch.check()


def test_a_page_that_is_rightly_not_found_is_no_problem(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    page.goto("/no-such-page/")
    watch.check()


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("console.error('lost')", "console: lost"),
        ("setTimeout(() => { throw new Error('broken') })", "script error"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')", "CSP"),
        ("document.body.append(Object.assign(new Image(), {src: '/no-such-file.png'}))", "no-such-file.png"),
        ("document.cookie = 'seen=1'", "cookie for a visitor: seen"),
        ("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))", "another origin|CSP"),
    ],
)
def test_it_reports(watched: tuple[Page, Watch], script: str, problem: str) -> None:
    page, watch = watched
    page.evaluate(script)
    page.wait_for_timeout(300)
    with pytest.raises(AssertionError, match=problem):
        watch.check()


def test_a_request_to_another_origin_is_reported(watched: tuple[Page, Watch]) -> None:
    """Even where no policy would stop it: by navigation."""
    page, watch = watched
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body="elsewhere"))
    page.goto("http://elsewhere.example/")
    with pytest.raises(AssertionError, match="request to another origin"):
        watch.check()
