"""`make audit`: Lighthouse and the Nu HTML checker on every page of the sample, in every language, as one table.

Ends with 1 if a target is missed: 100 in each of Lighthouse's categories, no error of the checker. Words after the
command, such as `.venv/bin/python -m audit /es/`, keep to the addresses that have one of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from tqdm import tqdm

from audit.pages import Page, pages_of
from tests.browser import chromium
from tests.launched import launched_site

HERE = Path(__file__).parent
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TARGET = 100
# Lighthouse measures time; what else this machine does at that moment must not count.
TRIES = 3


def main(words: list[str]) -> int:
    node, java, browser = tools()
    install(node)
    with launched_site(SITE_LANGUAGES="en,es") as site:
        pages = [page for page in pages_of(site.url) if not words or any(word in page.path for word in words)]
        errors = checked(pages, java)
        listed = [page.path for page in pages if page.is_listed]
        judged = dict(tqdm(lighthouse(site.url, listed, node, browser), total=len(listed), unit="page", disable=None))
        again = [path for path, result in judged.items() if missed(result)]
        for _ in range(TRIES - 1):
            judged |= {path: better(judged[path], new) for path, new in lighthouse(site.url, again, node, browser)}
            again = [path for path in again if missed(judged[path])]
    return report(pages, judged, errors)


def tools() -> tuple[str, str, str]:
    """npm's folder of programs is on the PATH; ends with a sentence when something is not here."""
    for name, package in (("node", "nodejs"), ("npm", "npm"), ("java", "default-jre-headless")):
        if shutil.which(name) is None:
            sys.exit(f"Cannot audit: {name} is not installed. On Debian: sudo apt install {package}.")
    with sync_playwright() as playwright:
        browser = os.environ.get("CHROME_PATH") or chromium.executable(playwright)
    if not browser:
        sys.exit("Cannot audit: no Chromium. Install Debian's chromium, or set CHROME_PATH.")
    return shutil.which("node") or "node", shutil.which("java") or "java", browser


def install(node: str) -> None:
    """What package-lock.json pins, into audit/node_modules; nothing if it is there."""
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    print("Installing Lighthouse and the Nu HTML checker (a minute, the first time)", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=HERE, check=False).returncode:
        sys.exit("Cannot audit: npm could not install what audit/package-lock.json names.")
    stamp.write_text(lock.read_text())


def lighthouse(site: str, paths: list[str], node: str, browser: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, {scores, failed}) as each is done."""
    process = subprocess.Popen(
        [node, HERE / "lighthouse.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CHROME_PATH": browser},
    )
    assert process.stdin, process.stdout
    process.stdin.write("".join(f"{site}{path}\n" for path in paths))
    process.stdin.close()
    for line in process.stdout or ():
        result = json.loads(line)
        yield result["url"].removeprefix(site), result
    if process.wait():
        sys.exit("Lighthouse did not come to its end.")


def missed(result: dict[str, Any]) -> bool:
    return any(score < TARGET for score in result["scores"].values())


def better(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return max(one, other, key=lambda result: sum(result["scores"].values()))


def checked(pages: list[Page], java: str) -> dict[str, list[str]]:
    """path → what the Nu HTML checker calls an error."""
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory() as folder:
        files = {str(number): page for number, page in enumerate(pages)}
        for name, page in files.items():
            (Path(folder) / f"{name}.html").write_text(page.html, encoding="utf-8")
        command = [java, "-jar", jar, "--format", "json", "--exit-zero-always", "--errors-only", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The Nu HTML checker did not come to its end: {done.stderr.strip()}")
    errors: dict[str, list[str]] = {page.path: [] for page in pages}
    for message in json.loads(done.stderr)["messages"]:
        page = files[Path(message["url"]).stem]
        errors[page.path].append(f"line {message.get('lastLine', '?')}: {message['message']}")
    return errors


def report(pages: list[Page], judged: dict[str, dict[str, Any]], errors: dict[str, list[str]]) -> int:
    width = max([len(page.path) for page in pages] + [4])
    print(f"\n{'page':{width}}  performance  accessibility  best-practices  seo  HTML errors")
    wrong: list[str] = []
    for page in pages:
        result = judged.get(page.path, {"scores": {}, "failed": []})
        cells = [f"{result['scores'].get(name, '–')!s:>{len(name)}}" for name in CATEGORIES]
        print(f"{page.path:{width}}  {'  '.join(cells)}  {len(errors[page.path]):>11}")
        if missed(result):
            wrong += [f"{page.path}: {text}" for text in result["failed"]]
        wrong += [f"{page.path}: HTML, {text}" for text in errors[page.path]]
    print("\nEverything is as it should be." if not wrong else "\nMissed:\n" + "\n".join(wrong))
    return 1 if wrong or any(missed(result) for result in judged.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
