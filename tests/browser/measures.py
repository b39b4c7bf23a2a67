"""What is measured on an open page, by the tests and by `make audit`: axe-core, and whether it fits its window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

# WCAG 2.2 AA and best practices
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# At most so much of the window may be under what stays there while the page is scrolled.
MOST_COVERED = 0.5
# A window of 1280 × 1024 pixels at a zoom of 400 %, as WCAG 1.4.10 has it
ZOOMED = {"width": 320, "height": 256, "scale": 4}
# Words that reach over the right edge of the window, whether one can scroll there or they are cut off.
SIDEWAYS = """
    [...document.querySelectorAll("a, p, h1, h2, h3, h4, li, dt, dd, label, legend, button, summary, span")]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).clipPath === "none")
        .filter((one) => !one.closest(".skip, .heads, svg"))
        .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map((one) => one.textContent.trim().slice(0, 40))
"""
IS_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Boxes that hide a part of their own words.
CUT = """
    [...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility() && one.textContent.trim() && !one.closest("svg, select, option"))
        .filter((one) => getComputedStyle(one).clipPath === "none" && one.clientWidth > 1 && one.clientHeight > 1)
        .filter((one) => {
            const { overflowX, overflowY } = getComputedStyle(one);
            const hides = (overflow) => overflow === "hidden" || overflow === "clip";
            return (hides(overflowX) && one.scrollWidth > one.clientWidth + 1)
                || (hides(overflowY) && one.scrollHeight > one.clientHeight + 1);
        })
        .map((one) => one.textContent.trim().replace(/\\s+/g, " ").slice(0, 40))
"""
# The share of the window's height that fixed and sticky things hide, in the middle of the page.
COVERED = """
    () => {
        const isKept = (one) => ["fixed", "sticky"].includes(getComputedStyle(one).position);
        const stays = (one) => one && (isKept(one) || stays(one.parentElement));
        scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) / 2, behavior: "instant" });
        const lines = Array.from({ length: 64 }, (_, line) => ((line + 0.5) * innerHeight) / 64);
        const across = [0.1, 0.5, 0.9].map((share) => share * document.documentElement.clientWidth);
        const covered = lines.filter((y) => across.some((x) => stays(document.elementFromPoint(x, y))));
        scrollTo({ top: 0, behavior: "instant" });
        return covered.length / lines.length;
    }
"""


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds wrong, one text for each place. On paper nobody touches anything."""
    # Its promise would never be kept, and the test would wait for ever.
    assert not page.evaluate("matchMedia('(scripting: none)').matches"), "axe needs a page with JavaScript"
    # Half of a link may be under what sticks to the top; a reader who scrolls sees it whole.
    page.evaluate("scrollTo(0, 0)")
    rules = {"target-size": {"enabled": page.evaluate("matchMedia('screen').matches")}}
    results = Axe().run(page, options={"runOnly": AXE_TAGS, "rules": rules, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def misfits(page: Page) -> list[str]:
    """What does not fit the window of an open page: it scrolls sideways, words are cut, sticky things cover it."""
    found = ["the page scrolls sideways"] if page.evaluate(IS_WIDE) else []
    found += [f"over the right edge: {text}" for text in page.evaluate(SIDEWAYS)]
    found += [f"cut: {text}" for text in page.evaluate(CUT)]
    covered = page.evaluate(COVERED)
    if covered > MOST_COVERED:
        found.append(f"{covered:.0%} of the window stays covered")
    return found


def set_window(session: CDPSession, *, width: int, height: int, scale: float = 1, text_pixels: int = 16) -> None:
    """As long as `session`, of a page, is not detached. `scale`: device pixels in each, as the browser's zoom makes
    them. `text_pixels`: the size of text that a reader has set in the browser; the site's breakpoints follow."""
    window = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", window)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": text_pixels}})
