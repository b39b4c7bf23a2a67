"""The crisis page and 'Which level of care?': neither needs the database, and both may be left quickly."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content import published
from content.findable.addresses import absolute
from content.models import LevelOfCare
from content.wayfinding import answers
from content.wayfinding.questions import ABOUT, QUESTIONS, Kind
from iop_site.security import private_page

logger = logging.getLogger(__name__)


@private_page
@require_safe
def crisis(request: HttpRequest) -> HttpResponse:
    context = {
        "can_leave_quickly": True,
        "title": _("Help now"),
        "description": _(
            "In danger, or thinking of suicide? Call 911, call or text 988, and what to do in the next minutes."
        ),
        "canonical_url": absolute(request.path),
    }
    return render(request, "content/crisis.html", context)


@private_page
@require_safe
def which_level(request: HttpRequest) -> HttpResponse:
    """One question, or what the answers in `?a=` lead to. A danger in them leads to the crisis page."""
    code, is_understood = request.GET.get("a", ""), True
    try:
        given = answers.read(code)
    except answers.NotUnderstood:
        code, given, is_understood = "", [], False
    if any(answer.option.is_danger for answer in given):
        return redirect("content:crisis")
    question = answers.next_question(answers.chosen(given))
    context: dict[str, Any] = {"given": given, "can_leave_quickly": True}
    if question is None:
        return render(request, "content/which_level_outcome.html", context | _explanation(given))
    context |= {
        "question": question,
        "number": len(given) + 1,
        "most": len(QUESTIONS),
        "code": f"{code}{answers.SEPARATOR}" if code else "",
        "is_understood": is_understood,
    }
    if not request.GET:
        context |= {
            "title": _("Which level of care?"),
            "description": _("A few short questions, and what people in such a situation often talk about first."),
            "canonical_url": absolute(request.path),
        }
    return render(request, "content/which_level.html", context)


def _explanation(given: list[answers.Given]) -> dict[str, Any]:
    """`first`: the level that a first talk is often about. `others`: the rest, from most care to least. Each is
    {kind, about, levels: those that the program lists}. `levels_known`: False while the database is away."""
    chosen = answers.chosen(given)
    found = answers.outcome(chosen)
    wanted = LevelOfCare.Ages.TEENS if chosen["age"] == "teen" else LevelOfCare.Ages.ADULTS
    try:
        listed = [level for level in published.levels_of_care() if level.ages in {wanted, LevelOfCare.Ages.ALL}]
        levels_known = True
    except DatabaseError:
        logger.error("Levels of care cannot be read: the database is away.")
        listed, levels_known = [], False
    steps = [
        {"kind": kind, "about": ABOUT[kind], "levels": [level for level in listed if level.kind == kind]}
        for kind in Kind
    ]
    return {
        "outcome": found,
        "first": next(step for step in steps if step["kind"] == found.level),
        "others": [step for step in steps if step["kind"] != found.level and (step["levels"] or not levels_known)],
        "levels_known": levels_known,
    }
