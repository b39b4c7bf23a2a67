"""What each tool says about a page, in the form in which `make audit` prints it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """`cells`: column → what stands there in the table. `missed`: what is not as it should be, a sentence each."""

    cells: dict[str, str]
    missed: list[str] = field(default_factory=list)
