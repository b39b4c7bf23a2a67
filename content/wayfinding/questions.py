"""'Which level of care?' as data: what is asked, and which level of care people in such a situation often talk about
first. A clinician can read and judge this file alone; `content.wayfinding.answers` only follows it.

The rules lean to safety: every answer that may mean danger leads to the crisis page, the doubtful ones too; and with
more need there is never less care (tests/content/test_which_level.py tries all answers). The ladder itself (from weekly
therapy to care around the clock, and a step with more hours after a hospital) is that of the sample program's page on
levels of care. The rules diagnose nothing and decide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.models import LevelOfCare

Kind = LevelOfCare.Kind
Words = str | Promise


@dataclass(frozen=True)
class Option:
    """`is_danger`: it leads to the crisis page, and nowhere else."""

    name: str
    text: Words
    is_danger: bool = False


@dataclass(frozen=True)
class Question:
    """`topic` names it in the list of answers. Asked only if each earlier answer in `only_if` is one of those named
    there, and only on the way to one of the levels in `only_for` where it has any."""

    name: str
    topic: Words
    text: Words
    options: tuple[Option, ...]
    hint: Words = ""
    signs: tuple[Words, ...] = ()
    only_if: Mapping[str, frozenset[str]] = field(default_factory=dict)
    only_for: frozenset[Kind] = frozenset()


@dataclass(frozen=True)
class Rule:
    """`when`: question → the answers to it that the rule is for. The first rule that fits gives the level."""

    when: Mapping[str, frozenset[str]]
    level: Kind
    why: Words


def _one_of(*names: str) -> frozenset[str]:
    return frozenset(names)


# The options of 'days', 'hospital' and 'therapy' stand from most need to least: a test relies on it.
QUESTIONS = (
    Question(
        name="danger",
        topic=_("Danger"),
        text=_("Is anyone in danger now, or thinking of suicide?"),
        hint=_("Choose “Yes” if any of these is true today, or was in the last few days:"),
        signs=(
            _("thoughts of dying, of suicide, or of hurting yourself or someone else"),
            _("you have hurt yourself, or taken something to hurt yourself"),
            _("you see, hear, or believe things that make you unsafe"),
            _("someone hurts you or threatens you"),
        ),
        options=(
            Option("yes", _("Yes"), is_danger=True),
            Option("unsure", _("I am not sure"), is_danger=True),
            Option("no", _("No, none of these")),
        ),
    ),
    Question(
        name="age",
        topic=_("Age"),
        text=_("How old are you?"),
        hint=_("For a younger child, ask the child’s doctor, or call us: we help you look."),
        options=(Option("adult", _("18 or older")), Option("teen", _("13 to 17"))),
    ),
    Question(
        name="night",
        topic=_("Nights"),
        text=_("Are you safe at home, at night and between appointments?"),
        hint=_("Safe from your own thoughts, and from other people."),
        options=(Option("safe", _("Yes")), Option("unsafe", _("No, or I am not sure"), is_danger=True)),
    ),
    Question(
        name="days",
        topic=_("Days"),
        text=_("How much of daily life has stopped?"),
        hint=_("Sleep, meals, washing, work or school, seeing people."),
        options=(
            Option("all", _("Nearly all of it. Someone has to be there day and night.")),
            Option("most", _("Most of it. I cannot manage most days.")),
            Option("some", _("Some of it. Part of my life goes on, and part has stopped.")),
            Option("little", _("A little. I manage most days, but it is hard.")),
        ),
    ),
    Question(
        name="hospital",
        topic=_("Hospital"),
        text=_("Were you in a hospital or an emergency room for your mental health in the last month?"),
        options=(Option("yes", _("Yes, or I am there now")), Option("no", _("No"))),
        only_if={"days": _one_of("some", "little")},
    ),
    Question(
        name="therapy",
        topic=_("Weekly therapy"),
        text=_("Does weekly therapy carry you from one session to the next?"),
        options=(
            Option("not_enough", _("No. Things fall apart in between.")),
            Option("none", _("I do not have weekly therapy now")),
            Option("enough", _("Yes, mostly")),
        ),
        only_if={"hospital": _one_of("no")},
    ),
    Question(
        name="place",
        topic=_("Coming in"),
        text=_("Could you come to a center several days a week?"),
        hint=_("Think of the way, the time, and who needs you at home."),
        options=(Option("yes", _("Yes, or we would find a way")), Option("no", _("No, that is too hard or too far"))),
        only_for=frozenset({Kind.PHP, Kind.IOP}),
    ),
)

RULES = (
    Rule(
        {"days": _one_of("all")},
        Kind.RESIDENTIAL,
        _(
            "Someone has to be there day and night. A program that you go home from cannot give that, so a first talk"
            " is often about a place where staff are there at all hours, or a hospital for a short time before it."
        ),
    ),
    Rule(
        {"days": _one_of("most")},
        Kind.PHP,
        _(
            "Most days cannot be managed right now, and home is safe at night. So a first talk is often about help for"
            " most of the day, on most days."
        ),
    ),
    Rule(
        {"days": _one_of("some"), "hospital": _one_of("yes")},
        Kind.PHP,
        _(
            "The first weeks after a hospital are hard for many people, and part of your life has stopped. So a first"
            " talk is often about more hours at the start, and fewer as things get steadier."
        ),
    ),
    Rule(
        {"days": _one_of("little"), "hospital": _one_of("yes")},
        Kind.IOP,
        _(
            "You manage most days, but the first weeks after a hospital are hard for many people. So a first talk is"
            " often about a program on several days a week, with the rest of the day at home."
        ),
    ),
    Rule(
        {"days": _one_of("some", "little"), "hospital": _one_of("no"), "therapy": _one_of("not_enough")},
        Kind.IOP,
        _(
            "One session a week leaves too much time in between. So a first talk is often about several days a week,"
            " while you go on living at home."
        ),
    ),
    Rule(
        {"days": _one_of("some"), "hospital": _one_of("no"), "therapy": _one_of("none")},
        Kind.IOP,
        _(
            "Part of your life has stopped, and there is no steady help now. So a first talk is often about several"
            " days a week, and about whether weekly therapy could be enough."
        ),
    ),
    Rule(
        {"days": _one_of("some"), "hospital": _one_of("no"), "therapy": _one_of("enough")},
        Kind.OUTPATIENT,
        _(
            "Part of your life has stopped, but weekly therapy carries you. So a first talk is often with the therapist"
            " you have: about keeping on, coming more often, or several days a week if it stops being enough."
        ),
    ),
    Rule(
        {"days": _one_of("little"), "hospital": _one_of("no"), "therapy": _one_of("none", "enough")},
        Kind.OUTPATIENT,
        _(
            "You manage most days. So a first talk is often about steady weekly therapy, and about more only if that"
            " turns out not to be enough."
        ),
    ),
)

# In place of an IOP where coming in is too hard: the same hours, so neither more care nor less.
WITHOUT_COMING_IN = Kind.VIOP
WHY_WITHOUT_COMING_IN = _("Coming in is too hard right now, so it may be by video. That needs a private room.")
WHY_COMING_IN_ALL_THE_SAME = _(
    "You said that coming in is too hard. Say so in the first talk: sometimes there is a way, such as a ride or other"
    " hours. A program by video has fewer hours, and whether it is enough is for a clinician to say."
)

# What each level is, for readers who have never heard of it; the numbers come from the levels that staff edit.
ABOUT = {
    Kind.RESIDENTIAL: _("You live at the place of treatment for a time. Staff are there day and night."),
    Kind.PHP: _("You come for most of the day and sleep at home. It is also called day treatment."),
    Kind.IOP: _("You come for part of the day, several days a week, and live at home."),
    Kind.VIOP: _("Like an IOP, but by secure video from a private room at home."),
    Kind.OUTPATIENT: _("You see a therapist about once a week, and live your life in between."),
}
