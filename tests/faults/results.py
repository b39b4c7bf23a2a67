"""What a long run came to, as a table: printed, and written to RESULTS.md when it was whole."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import machine
from tests.faults.counting import Count, Tally
from tests.faults.disks import NoDisk

FILE = Path(__file__).with_name("RESULTS.md")
COLUMNS = ("forms", "acknowledged", "refused", "unknown", "stored", "lost", "doubled", "invented", "altered")
MAILS = ("untold", "told_again")
HEAD = """# What was broken, and what came of it

Written by `make faults`. A form is *acknowledged* when its visitor was shown a reference, *refused* when they were told
that nothing was sent, *unknown* when they saw no reference and an answer was cut off: it may be there once, or not.
*Lost*: acknowledged, and not there exactly once, under that reference. *Doubled*: there more than once. *Invented*:
refused, and there. *Altered*: it opens to something else than was sent. *Untold*: staff got no e-mail. *Told again*:
e-mails after the first. That happens where a worker died, or lost its database, between owing an e-mail and writing
down that its task is done, and is counted where the form was sent, which may be an earlier line.
"""


@dataclass
class Part:
    """On one database. `kills`: by group. `pages`: read while things were broken, and how many were not answered."""

    database: str
    count: Count = field(default_factory=lambda: Count({}, {}))
    kills: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    pages_failed: int = 0
    is_stopped: bool = False
    left_out: list[str] = field(default_factory=list)

    @contextmanager
    def unless_no_disk(self, what: str) -> Iterator[None]:
        try:
            yield
        except NoDisk as error:
            self.left_out.append(f"{what} ({error})")

    @property
    def problems(self) -> list[str]:
        found = [f"{self.database}, {where}: {what}" for where, what in self.count.problems.items()]
        if self.pages_failed:
            found.append(f"{self.database}: {self.pages_failed} of {self.pages} pages were not answered")
        again = sum(tally.told_again for group, tally in self.count.groups.items() if is_undisturbed(group))
        if again:
            found.append(f"{self.database}: {again} e-mails came twice though no worker had died")
        return found


def is_undisturbed(group: str) -> bool:
    """No worker was killed, nor its database taken away, before staff were told of all of these."""
    return group.startswith(("web: ", "spool: ", "random: web")) and group not in (
        "web: start without a database",
        "spool: disk full",
    )


def tell(parts: list[Part], *, took: float, is_whole: bool) -> int:
    text = text_of(parts, took)
    print(text)
    problems = [problem for part in parts for problem in part.problems]
    is_stopped = any(part.is_stopped for part in parts)
    if is_whole and not is_stopped:
        FILE.write_text(text, encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or is_stopped else 0


def text_of(parts: list[Part], took: float) -> str:
    kills = sum(part.kills.total() for part in parts)
    all_of = sum((part.count.all for part in parts), Tally())
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    outcome = (
        f"{kills} kills, {all_of.forms} forms, {all_of.acknowledged} acknowledged: {all_of.lost} lost,"
        f" {all_of.doubled} doubled; {all_of.refused} refused: {all_of.invented} of them stored. {all_of.stored} are"
        f" stored: of {all_of.untold} no e-mail told staff."
    )
    where = f"{today}, {took / 60:.0f} minutes. {machine.short_description()}"
    return "\n".join([HEAD, f"**{outcome}**", "", where, "", *(line for part in parts for line in lines_of(part))])


def lines_of(part: Part) -> Iterator[str]:
    names = [*COLUMNS, *MAILS]
    yield f"## {part.database}\n"
    yield "| point | kills | " + " | ".join(name.replace("_", " ") for name in names) + " |"
    yield "| --- |" + " ---: |" * (len(names) + 1)
    for group, tally in [*part.count.groups.items(), ("**all**", part.count.all)]:
        kills = part.kills.total() if group == "**all**" else part.kills[group]
        yield f"| {group} | {kills} | " + " | ".join(str(getattr(tally, name)) for name in names) + " |"
    yield f"\nPages read meanwhile: {part.pages}, of which {part.pages_failed} were not answered."
    left = ", ".join(f"{what}: {number}" for what, number in part.count.left.items())
    yield f"What is left in the end, and should not be: {left}.\n"
    if part.left_out:
        yield f"Left out: {'; '.join(part.left_out)}.\n"
    if part.is_stopped:
        yield "Stopped before its end.\n"
