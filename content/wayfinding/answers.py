"""Follows `content.wayfinding.questions`: which question comes next, what the answers lead to. Pure; stores nothing.

Answers travel in the address as the numbers of the options, in the order of asking, such as '3-1-1': a browser keeps
addresses in its history, and these say nothing to somebody who looks there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from content.wayfinding.questions import (
    QUESTIONS,
    RULES,
    WHY_COMING_IN_ALL_THE_SAME,
    WHY_WITHOUT_COMING_IN,
    WITHOUT_COMING_IN,
    Kind,
    Option,
    Question,
    Rule,
    Words,
)

SEPARATOR = "-"


class NotUnderstood(ValueError):
    """An address that no link of ours leads to."""


@dataclass(frozen=True)
class Given:
    """One answer; `before`: the code of the answers before it."""

    question: Question
    option: Option
    before: str


@dataclass(frozen=True)
class Outcome:
    """`level`: what a first talk is often about. `why`: one sentence or two, each a paragraph."""

    level: Kind
    why: tuple[Words, ...]


def read(code: str) -> list[Given]:
    """The answers that `code` stands for, at most up to the first that means danger; raises NotUnderstood."""
    given: list[Given] = []
    numbers = code.split(SEPARATOR) if code else []
    for place, number in enumerate(numbers):
        question = next_question(chosen(given))
        if question is None:
            raise NotUnderstood
        options = {str(position): option for position, option in enumerate(question.options, start=1)}
        if number not in options:
            raise NotUnderstood
        given.append(Given(question, options[number], SEPARATOR.join(numbers[:place])))
        if options[number].is_danger:
            break
    return given


def chosen(given: list[Given]) -> dict[str, str]:
    """Question → answer, by their names."""
    return {answer.question.name: answer.option.name for answer in given}


def next_question(answers: Mapping[str, str]) -> Question | None:
    """The next one to ask; None when there is enough to explain something."""
    return next((question for question in QUESTIONS if _is_open(question, answers)), None)


def _is_open(question: Question, answers: Mapping[str, str]) -> bool:
    if question.name in answers or not _fits(question.only_if, answers):
        return False
    if not question.only_for:
        return True
    rule = _rule(answers)
    return rule is not None and rule.level in question.only_for


def outcome(answers: Mapping[str, str]) -> Outcome:
    """What the answers to all questions lead to, without danger in any of them."""
    rule = _rule(answers)
    if rule is None:
        raise NotUnderstood
    if answers.get("place") != "no":
        return Outcome(rule.level, (rule.why,))
    if rule.level == Kind.IOP:
        return Outcome(WITHOUT_COMING_IN, (rule.why, WHY_WITHOUT_COMING_IN))
    return Outcome(rule.level, (rule.why, WHY_COMING_IN_ALL_THE_SAME))


def _rule(answers: Mapping[str, str]) -> Rule | None:
    return next((rule for rule in RULES if _fits(rule.when, answers)), None)


def _fits(wanted: Mapping[str, frozenset[str]], answers: Mapping[str, str]) -> bool:
    return all(answers.get(name) in names for name, names in wanted.items())
