"""`make audit`: Lighthouse, the Nu HTML checker and axe-core on every page of the sample, in every language: a table.

Ends with 1 if anything is missed. Words after the command choose: the tools by their names (lighthouse, html, axe), the
addresses by a part of them: `.venv/bin/python -m audit axe /es/`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from audit import axe, html, lighthouse
from audit.pages import Page, pages_of
from audit.verdict import Verdict
from tests.browser import chromium
from tests.launched import launched_site

HERE = Path(__file__).parent
TOOLS = {"lighthouse": lighthouse, "html": html, "axe": axe}
# tool: what it needs on this machine, and Debian's package of it
NEEDS = {
    "lighthouse": {"node": "nodejs", "npm": "npm"},
    "html": {"npm": "npm", "java": "default-jre-headless"},
    "axe": {},
}


def main(words: list[str]) -> int:
    names = [name for name in TOOLS if name in words] or list(TOOLS)
    parts = [word for word in words if word not in TOOLS]
    browser = prepare(names)
    with launched_site(SITE_LANGUAGES="en,es") as site:
        pages = [page for page in pages_of(site.url) if not parts or any(part in page.path for part in parts)]
        verdicts = {name: TOOLS[name].judged(site.url, pages, browser) for name in names}
    return report(pages, verdicts)


def prepare(names: list[str]) -> str:
    """The path of Chromium; ends with a sentence when something is not here."""
    needed = {program: package for name in names for program, package in NEEDS[name].items()}
    for program, package in needed.items():
        if shutil.which(program) is None:
            sys.exit(f"Cannot audit: {program} is not installed. On Debian: sudo apt install {package}.")
    with sync_playwright() as playwright:
        browser = os.environ.get("CHROME_PATH") or chromium.executable(playwright)
    if not browser:
        sys.exit("Cannot audit: no Chromium. Install Debian's chromium, or set CHROME_PATH.")
    if needed:
        install()
    return browser


def install() -> None:
    """What package-lock.json pins, into audit/node_modules; nothing if it is there."""
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    print("Installing Lighthouse and the Nu HTML checker (a minute, the first time)", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=HERE, check=False).returncode:
        sys.exit("Cannot audit: npm could not install what audit/package-lock.json names.")
    stamp.write_text(lock.read_text())


def report(pages: list[Page], verdicts: dict[str, dict[str, Verdict]]) -> int:
    """`verdicts`: tool → path → what it says. Pages that a tool does not judge have a dash in its columns."""
    columns = [(name, column) for name in verdicts for column in TOOLS[name].COLUMNS]
    width = max([len(page.path) for page in pages] + [4])
    print("\n" + "  ".join([f"{'page':{width}}", *(column for _name, column in columns)]))
    missed: list[str] = []
    for page in pages:
        said = {name: of_pages.get(page.path, Verdict({})) for name, of_pages in verdicts.items()}
        cells = (f"{said[name].cells.get(column, '–'):>{len(column)}}" for name, column in columns)
        print("  ".join([f"{page.path:{width}}", *cells]))
        missed += [f"{page.path}: {text}" for verdict in said.values() for text in verdict.missed]
    print("\nEverything is as it should be." if not missed else "\nMissed:\n" + "\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
