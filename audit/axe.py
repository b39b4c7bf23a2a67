"""axe-core on every page and state, in every width and scheme of colors and as it is printed, and whether each page
fits: at 320 pixels, at a zoom of 400 %, and with text of twice the size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import CDPSession, sync_playwright
from playwright.sync_api import Page as OpenPage

from audit.pages import Page
from audit.verdict import Verdict
from iop_site.progress import watched
from tests.browser import chromium
from tests.browser.measures import ZOOMED, axe_findings, misfits, set_window

WIDTHS = (320, 360, 768, 1280)
HEIGHT = 800
LIGHT = {"color_scheme": "light", "forced_colors": "none", "media": "screen"}
LOOKS = {
    "light": LIGHT,
    "dark": LIGHT | {"color_scheme": "dark"},
    "forced colors": LIGHT | {"forced_colors": "active"},
}


@dataclass(frozen=True)
class Condition:
    """How a page is looked at; `column`: of the table, where what is found there counts."""

    name: str
    column: str
    window: dict[str, float]
    look: dict[str, str]


def _window(width: int, **more: float) -> dict[str, float]:
    return {"width": width, "height": HEIGHT, **more}


AXE = (
    *(
        Condition(f"{width} px, {name}", "axe", _window(width), look)
        for width in WIDTHS
        for name, look in LOOKS.items()
    ),
    Condition("printed", "axe", _window(768), LIGHT | {"media": "print"}),
)
FITS = (
    Condition("320 px", "fits 320 px", _window(320), LIGHT),
    Condition("320 px, text 200 %", "text 200 %", _window(320, text_pixels=32), LIGHT),
    Condition("1280 px, text 200 %", "text 200 %", _window(1280, text_pixels=32), LIGHT),
    Condition("zoom 400 %", "zoom 400 %", ZOOMED, LIGHT),
)
COLUMNS = tuple(dict.fromkeys(condition.column for condition in AXE + FITS))


def judged(site: str, pages: list[Page], browser: str) -> dict[str, Verdict]:
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright, browser).new_page()
        session = opened.context.new_cdp_session(opened)
        found = _judge_each(site, pages, opened, session)
        return dict(watched(found, total=len(pages), label="axe-core", unit=" pages"))


def _judge_each(site: str, pages: list[Page], opened: OpenPage, session: CDPSession) -> Iterator[tuple[str, Verdict]]:
    for page in pages:
        opened.goto(f"{site}{page.address}")
        if page.is_sent_empty:
            opened.locator("form[method=post] [type=submit]").click()
            opened.wait_for_selector("[role=alert]")
        yield page.path, _judge(opened, session)


def _judge(opened: OpenPage, session: CDPSession) -> Verdict:
    """What is found in several conditions is said once, with all of them. The page stays open: only how it is looked at
    changes."""
    where: dict[tuple[str, str], list[str]] = {}
    for measure, conditions in ((axe_findings, AXE), (misfits, FITS)):
        for condition in conditions:
            set_window(session, **condition.window)
            opened.emulate_media(**condition.look)
            for text in measure(opened):
                where.setdefault((condition.column, text), []).append(condition.name)
    columns = [column for column, _text in where]
    return Verdict(
        {column: str(columns.count(column)) for column in COLUMNS},
        [f"{text} ({_listed(names)})" for (_column, text), names in where.items()],
    )


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return "everywhere" if len(names) == len(AXE) else "; ".join(names)
