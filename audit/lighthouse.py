"""Lighthouse's mobile preset on every page that search engines may show: 100 in each category."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.pages import Page
from audit.verdict import Verdict
from iop_site.progress import watched

SCRIPT = Path(__file__).parent / "lighthouse.mjs"
COLUMNS = ("performance", "accessibility", "best-practices", "seo")
TARGET = 100
# Lighthouse measures time; what else this machine does at that moment must not count.
TRIES = 3


def judged(site: str, pages: list[Page], browser: str) -> dict[str, Verdict]:
    paths = [page.path for page in pages if page.is_listed]
    results = dict(watched(_run(site, paths, browser), total=len(paths), label="Lighthouse", unit=" pages"))
    for _ in range(TRIES - 1):
        again = [path for path, result in results.items() if _missed(result)]
        results |= {path: _better(results[path], new) for path, new in _run(site, again, browser)}
    return {path: _verdict(result) for path, result in results.items()}


def _run(site: str, paths: list[str], browser: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, {scores, failed}) as each is done."""
    process = subprocess.Popen(
        ["node", SCRIPT],
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


def _missed(result: dict[str, Any]) -> bool:
    return any(score < TARGET for score in result["scores"].values())


def _better(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return max(one, other, key=lambda result: sum(result["scores"].values()))


def _verdict(result: dict[str, Any]) -> Verdict:
    below = [f"{name} {score}" for name, score in result["scores"].items() if score < TARGET]
    return Verdict(
        {name: str(result["scores"][name]) for name in COLUMNS},
        [f"{', '.join(below)}: {'; '.join(result['failed']) or 'no reason given'}"] if below else [],
    )
