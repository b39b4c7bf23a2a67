"""The words of one of the site's pages, for pages of others that are to be of like size."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html.parser import HTMLParser

PARAGRAPHS_A_SECTION = 3
SHORTEST = 30
# What tags, attributes and everything around the text take in their pages, in bytes.
AROUND = 5_600
# What the others' menus show.
MENU = ("What it is", "Who it is for", "A first day", "Therapies", "Cost", "Family", "Work and school", "About us")


@dataclass(frozen=True)
class Text:
    """`sections`: (heading, paragraphs with an empty line between them)."""

    title: str
    summary: str
    sections: list[tuple[str, str]]
    menu: tuple[str, ...] = MENU

    @property
    def json(self) -> str:
        return json.dumps(asdict(self))


class _Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html.partition("<main")[2].partition("</main>")[0])

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "li", "h1", "h2", "h3", "td", "dd", "dt"}:
            self.found.append("\n")


def text_of(html: str) -> Text:
    """Its own paragraphs, as often as it takes to be as long as `html`."""
    lines = [" ".join(line.split()) for line in "".join(_Words(html).found).splitlines()]
    paragraphs = [line for line in lines if len(line) >= SHORTEST]
    wanted, taken = len(html.encode()) - AROUND, []
    while wanted > 0:
        taken.append(paragraphs[len(taken) % len(paragraphs)])
        wanted -= len(taken[-1].encode()) + len("<p></p>")
    sections = [taken[at : at + PARAGRAPHS_A_SECTION] for at in range(0, len(taken), PARAGRAPHS_A_SECTION)]
    return Text(
        title="What it costs",
        summary=paragraphs[0],
        sections=[(part[0][:50], "\n\n".join(part)) for part in sections],
    )
