"""What visitors were told, beside what there is: counted for each group, and every promise that was broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.running import Site
from tests.faults.visitors import Form
from tests.smtp import MailServer

# In the subject of an e-mail, or in one that tells of many at once.
NOTICE = re.compile(r"[Nn]ew enquiry ([0-9A-Z]{4} [0-9A-Z]{4})")


@dataclass
class Tally:
    """Of one group. `lost`: acknowledged, and not stored once under that reference. `doubled`: stored more than once.
    `invented`: refused and stored. `altered`: opens to something else than was sent, or was added to. `untold`: stored,
    and no e-mail went out. `told_again`: e-mails beyond the first. `broken`: what answers lacked."""

    forms: int = 0
    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    invented: int = 0
    altered: int = 0
    untold: int = 0
    told_again: int = 0
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})

    @property
    def problems(self) -> dict[str, Any]:
        """Every one is a promise that was broken; an e-mail that came twice is none by itself."""
        names = ("lost", "doubled", "invented", "altered", "untold", "broken")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass
class Count:
    """`left`: by what it is, what should be nowhere."""

    groups: dict[str, Tally]
    left: dict[str, int]

    @property
    def all(self) -> Tally:
        return sum(self.groups.values(), Tally())

    @property
    def problems(self) -> dict[str, Any]:
        found = {name: tally.problems for name, tally in self.groups.items() if tally.problems}
        left = {what: number for what, number in self.left.items() if number}
        return found | ({"left": left} if left else {})


def count(site: Site, forms: Iterable[Form], mail: MailServer) -> Count:
    """After everything was mended and done; nothing may run beside it but the web."""
    forms = list(forms)
    site.inside("settle")
    said = site.inside("count", forms=[{"token": form.token, "expected": form.expected} for form in forms])
    notices = notices_in(mail)
    groups: dict[str, Tally] = {}
    for form, found in zip(forms, said["forms"], strict=True):
        tally = tally_of(form, found, notices)
        groups[form.group] = groups.get(form.group, Tally()) + tally
    stored = {spoken(reference) for found in said["forms"] for reference in found["references"]}
    left = said["left"] | {"e-mails about nothing": len(notices.keys() - stored)}
    return Count(groups, left)


def tally_of(form: Form, found: dict[str, Any], notices: Counter[str]) -> Tally:
    stored, told = found["references"], form.told
    is_lost = told == "acknowledged" and (len(stored) != 1 or set(form.references) != set(stored))
    times = [notices[spoken(reference)] for reference in stored]
    return Tally(
        forms=1,
        acknowledged=told == "acknowledged",
        refused=told == "refused",
        unknown=told == "unknown",
        stored=len(stored),
        lost=is_lost,
        doubled=len(stored) > 1,
        invented=told == "refused" and bool(stored),
        altered=not found["is_true"],
        untold=times.count(0),
        told_again=sum(number - 1 for number in times if number),
        broken=form.faults,
    )


def are_told(forms: Iterable[Form], mail: MailServer) -> bool:
    """Whether an e-mail went out for each that was acknowledged."""
    notices = notices_in(mail)
    return all(notices[spoken(form.references[0])] for form in forms if form.references)


def notices_in(mail: MailServer) -> Counter[str]:
    """How many e-mails told of each reference, as it is spoken."""
    told: Counter[str] = Counter()
    for message in mail.received:
        told.update(set(NOTICE.findall(f"{message['Subject']}\n{message.get_content()}")))
    return told


def spoken(reference: str) -> str:
    return f"{reference[:4]} {reference[4:]}"
