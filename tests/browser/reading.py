"""A visitor who comes back to a page that was changed."""

from __future__ import annotations

from playwright.sync_api import Page

# Each process of the site finds what was published within a second.
FOUND_WITHIN_MILLISECONDS = 1_000


def read_anew(page: Page, path: str) -> None:
    """Whatever the browser has kept of it, which it rightly shows for a minute."""
    page.wait_for_timeout(FOUND_WITHIN_MILLISECONDS)
    page.goto(path)
    page.reload()
