"""The real product in a real browser: `site` is what `make run` starts, `page` is a visitor's fresh browser.

Every page that is opened here fails its test on a console error, a breach of the content security policy, a request to
another origin, or a cookie that a visitor was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright

from tests.browser import chromium
from tests.browser.measures import axe_findings
from tests.launched import Site, launched_site
from tests.run import IS_CI

ARTIFACTS = Path(__file__).resolve().parent.parent / "artifacts"
# Far longer than anything takes: on a busy machine a test may be late and is right all the same.
TIMEOUT_MILLISECONDS = 60_000
# The policy's breaches that Chromium does not write to the console by itself.
REPORT_BREACHES = """
    document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`);
    });
"""


LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username="{name}"))
print(client.cookies["sessionid"].value)
"""


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with launched_site(SITE_LANGUAGES="en,es") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium.executable(playwright)
        if path is None:
            (pytest.fail if IS_CI else pytest.skip)("no Chromium on this machine")
        browser = chromium.launch(playwright, path)
        expect.set_options(timeout=TIMEOUT_MILLISECONDS)
        yield browser
        browser.close()


class Watch:
    """Collects what must not happen in one browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.problems: list[str] = []
        self.navigations: set[str] = set()
        self.has_seen_admin = False
        context.on("request", self.on_request)
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(f"{self.origin}/"):
            self.problems.append(f"request to another origin: {request.url}")
        if request.is_navigation_request():
            self.navigations.add(request.url.partition("#")[0])
        self.has_seen_admin |= parts.path.startswith("/admin/")

    def on_console(self, message: ConsoleMessage) -> None:
        # A page that is rightly a 404 or a 400 is reported by Chromium as if a file were missing.
        address = message.location["url"].partition("#")[0]
        is_answer = message.text.startswith("Failed to load resource") and address in self.navigations
        if message.type == "error" and not is_answer:
            self.problems.append(f"console: {message.text} ({message.location['url']})")

    def check(self) -> None:
        for cookie in self.context.cookies():
            if not self.has_seen_admin or cookie["path"] != "/admin/":
                self.problems.append(f"cookie for a visitor: {cookie['name']}")
        assert not self.problems, "\n".join(self.problems)


@pytest.fixture
def new_page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`new_page(javascript=True, width=1280, height=800, scheme="light", **context options)`: a page of a new visitor.

    Paths are enough: `page.goto("/")`.
    """
    watches: list[Watch] = []

    def make(
        *, javascript: bool = True, width: int = 1280, height: int = 800, scheme: str = "light", **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            **options,
        )
        context.set_default_timeout(TIMEOUT_MILLISECONDS)
        context.add_init_script(REPORT_BREACHES)
        watches.append(Watch(context, site.url))
        return context.new_page()

    yield make
    if request.node.stash.get(HAS_FAILED, False):
        keep_screenshots(request.node.name, watches)
    try:
        for watch in watches:
            watch.check()
    finally:
        for watch in watches:
            watch.context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def staff_page(new_page: Callable[..., Page], site: Site) -> Page:
    """A page of the member of staff that the first start made, logged in, on the admin's first page."""
    page = new_page()
    give_login(page, site, "admin")
    page.goto("/admin/")
    return page


def give_login(page: Page, site: Site, name: str) -> None:
    """The cookie of a login, without its form: what a password costs on purpose would be most of a short test."""
    session = site.run(LOG_IN.format(name=name)).strip()
    cookie = {"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/admin/"}
    page.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Strict"}])


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: what axe-core finds wrong on it (WCAG 2.2 AA and best practices), one text for each place."""
    return axe_findings


HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


def keep_screenshots(name: str, watches: list[Watch]) -> None:
    """What the browser showed when a test failed, in tests/artifacts/."""
    ARTIFACTS.mkdir(exist_ok=True)
    stem = re.sub(r"[^\w-]+", "-", name)
    pages = [page for watch in watches for page in watch.context.pages]
    for number, page in enumerate(pages, start=1):
        with suppress(Error):
            page.screenshot(path=ARTIFACTS / f"{stem}-{number}.png", full_page=True)
