"""What visitors are asked to agree to, channel by channel, in the words that staff have set.

47 U.S.C. 227 and 47 CFR 64.1200 (TCPA) ask for consent to calls and texts; it may be taken back in any reasonable way.
The words that were ticked are sealed with the enquiry, so that they can be shown long after staff have changed them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admissions.choices import ConsentChannel
from admissions.models import ConsentWording
from content import published

BUILT_IN = 0
BUILT_IN_WORDINGS: dict[str, Promise] = {
    ConsentChannel.CALL: _("You may call me about my message, also more than once, at the number I have given."),
    ConsentChannel.TEXT: _(
        "You may text me about my message at the number I have given. My carrier may charge for it, and I can reply"
        " STOP at any time."
    ),
    ConsentChannel.EMAIL: _(
        "You may e-mail me about my message, also automatically. I know that e-mail can be read on its way."
    ),
}


@dataclass(frozen=True)
class Wording:
    """`pk`: of the ConsentWording, BUILT_IN where staff have set none."""

    channel: str
    pk: int
    text: str

    @property
    def value(self) -> str:
        """In the form."""
        return f"{self.channel}.{self.pk}"


def current() -> list[Wording]:
    """The newest one of each channel, in this request's language."""
    return in_use(published.language())


def in_use(language: str) -> list[Wording]:
    """The newest one of each channel."""
    newest: dict[str, ConsentWording] = {}
    for row in _rows():
        if row.language == language:
            newest.setdefault(row.channel, row)
    with translation.override(language):
        return [
            Wording(channel, newest[channel].pk, newest[channel].text) if channel in newest else _built_in(channel)
            for channel in ConsentChannel.values
        ]


def wording(value: str) -> Wording | None:
    """What stood beside the box of this `value`, also where staff have changed it since the page was opened."""
    channel, _dot, pk = value.partition(".")
    if channel in BUILT_IN_WORDINGS and pk == str(BUILT_IN):
        return _built_in(channel)
    found = (row for row in _rows() if row.channel == channel and str(row.pk) == pk)
    return next((Wording(channel, row.pk, row.text) for row in found), None)


def _built_in(channel: str) -> Wording:
    return Wording(channel, BUILT_IN, str(BUILT_IN_WORDINGS[channel]))


def _rows() -> list[ConsentWording]:
    """The newest first."""
    return published.rows_or_none(ConsentWording) or []
