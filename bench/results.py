"""What came out: on the terminal, and after a whole run in RESULTS.md."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import machine

FILE = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("Django", "gunicorn", "whitenoise", "brotli", "psycopg2-binary", "pyrage")


INTRODUCTION = (
    "Written by `make bench`; [README.md](README.md) says what each line means. CPU is that of the servers’ processes,"
    " by their own accounting; medians of interleaved rounds."
)


@dataclass(frozen=True)
class Row:
    """One line of what must be: `value` at most `limit`; `measured` says it to a reader. A `limit` of None: told for
    comparison alone."""

    work: str
    must_be: str
    measured: str
    value: float
    limit: float | None

    @property
    def is_ok(self) -> bool:
        return self.limit is None or self.value <= self.limit

    @property
    def cells(self) -> list[str]:
        verdict = "–" if self.limit is None else "ok" if self.is_ok else "**fell short**"
        return [self.work, self.must_be, self.measured, verdict]


@dataclass
class Result:
    """Of one part. `how`: what was done, for whoever wants to do it again; `raw`: title, head and lines of a table."""

    rows: list[Row]
    how: str
    raw: list[tuple[str, list[str], list[list[str]]]] = field(default_factory=list)


def table(head: list[str], lines: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *lines])


def text_of(results: dict[str, Result], *, took: float, load_before: float, others: dict[str, str]) -> str:
    """The whole of RESULTS.md. `took` in seconds; `others`: version by name of what was compared."""
    rows = [row for result in results.values() for row in result.rows]
    missed = [f"- {row.work}: {row.measured}; must be {row.must_be}" for row in rows if not row.is_ok]
    versions = {name: version(name) for name in PACKAGES} | others
    parts = [
        "# What was measured",
        INTRODUCTION,
        table(["work", "must be", "measured", ""], [row.cells for row in rows]),
        "## What fell short",
        "\n".join(missed) or "Nothing.",
        "## Where and when",
        f"{datetime.now(UTC):%Y-%m-%d}, {took / 60:.0f} minutes. {machine.description()}; load average before the start"
        f" {load_before:.1f}. Python {platform.python_version()}, "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + ".",
        "## How, and every figure",
    ]
    for name, result in results.items():
        parts += [f"### {name}", result.how]
        for title, head, lines in result.raw:
            parts += [f"{title}:", table(head, lines)]
    return "\n\n".join(parts) + "\n"


def tell(results: dict[str, Result], text: str, *, is_whole: bool) -> int:
    """Print it, and keep it if nothing was left out; the exit code."""
    print(text)
    if is_whole:
        FILE.write_text(text, encoding="utf-8")
        print(f"Written to {FILE}", file=sys.stderr)
    return 0 if all(row.is_ok for result in results.values() for row in result.rows) else 1
