"""The pictures in the README and the docs, made from the running sample: .venv/bin/python docs/make_screenshots.py"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser import chromium  # noqa: E402
from tests.launched import Site, launched_site  # noqa: E402


def visitor_pictures(page: Page) -> None:
    page.goto("/")
    page.screenshot(path=IMAGES / "front-page.png")
    page.goto("/admissions/")
    page.screenshot(path=IMAGES / "form.png")


def staff_pictures(page: Page, site: Site) -> None:
    log_in(page, site)
    page.goto("/admin/content/page/")
    page.get_by_role("link", name="Goals", exact=True).click()
    editor = page.url
    summary = page.get_by_label("Short answer")
    summary.fill(summary.input_value().replace("more independence", "more independence, step by step"))
    page.get_by_role("button", name="Save draft", exact=True).click()
    page.goto(editor)
    page.screenshot(path=IMAGES / "editor.png")
    page.goto(editor.replace("/change/", "/publish/"))
    page.screenshot(path=IMAGES / "publish.png")
    page.goto(editor.replace("/change/", "/compare/?old=1&new=draft"))
    page.screenshot(path=IMAGES / "compare.png")


def translation_pictures(page: Page) -> None:
    """After the original was changed and published, its translation says what has changed since."""
    page.goto("/admin/content/page/")
    page.get_by_role("link", name="Goals", exact=True).click()
    editor = page.url
    page.goto(editor.replace("/change/", "/publish/"))
    page.get_by_label("What changed?").fill("Says that independence comes step by step.")
    page.get_by_role("button", name="Publish this version").click()
    page.goto(editor)
    page.get_by_role("link", name="See what changed").click()
    page.screenshot(path=IMAGES / "translation.png")


def log_in(page: Page, site: Site) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(site.staff_password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with launched_site(SITE_LANGUAGES="en,es") as site, sync_playwright() as playwright:
        path = chromium.executable(playwright)
        if path is None:
            sys.exit("No Chromium: install Debian's chromium, or run `.venv/bin/playwright install chromium`.")
        browser = chromium.launch(playwright, path)
        context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800})
        visitor_pictures(context.new_page())
        page = context.new_page()
        staff_pictures(page, site)
        translation_pictures(page)
        browser.close()


if __name__ == "__main__":
    main()
