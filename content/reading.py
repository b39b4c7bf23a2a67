"""What the template of a page is given: the same whether visitors read it or staff preview it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from content import published
from content.drawing.shown import NO_CHOICE, WeekChoice
from content.models import HOME_SLUG, ClinicalReview
from content.published import LivePage


def template_of(page: LivePage) -> str:
    return "content/home.html" if page.slug == HOME_SLUG else "content/page_detail.html"


def context_of(
    page: LivePage,
    document: dict[str, Any],
    pages: list[LivePage],
    *,
    review: ClinicalReview | None = None,
    also_linked: Sequence[LivePage] = (),
    week: WeekChoice = NO_CHOICE,
) -> dict[str, Any]:
    """`pages`: those that are live, `page` among them. `also_linked`: further ones that links may lead to. `week`:
    which week its pictures show."""
    guide = published.guide_of(pages)
    position = guide.index(page) if page in guide else None
    blocks, linked = document["blocks"], [*pages, *also_linked]
    return {
        "page": page,
        "review": review,
        "can_leave_quickly": document["can_leave_quickly"],
        "description": document["description"] or document["summary"],
        "rendered": published.render(document, linked, week=week),
        "ends_with_action": bool(blocks) and blocks[-1]["type"] == "call_to_action",
        "related": [other for other in linked if {other.uid, other.original} & set(document["related"])],
        "guide": guide,
        "previous": guide[position - 1] if position else None,
        "next": guide[position + 1] if position is not None and position + 1 < len(guide) else None,
        "chapters": [other for other in guide if other.slug != HOME_SLUG],
    }
