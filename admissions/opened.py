"""An enquiry as staff read it once it is open: the sealed values in words.

Opens nothing itself. What may be done with a number or an address is for contact.py to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import phonenumbers
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions.choices import (
    BestTime,
    ConsentChannel,
    Danger,
    ParentKnows,
    PreferredContact,
    SafeContact,
    SayWho,
    State,
    WritingAs,
)
from admissions.models import Enquiry

# As staff read it: the form's own labels speak for the visitor.
PREFERENCES = {
    PreferredContact.CALL: gettext_lazy("a call"),
    PreferredContact.TEXT: gettext_lazy("a text message"),
    PreferredContact.EMAIL: gettext_lazy("an e-mail"),
}
WRITERS = {
    WritingAs.SELF: gettext_lazy("Writing for themself"),
    WritingAs.PARENT: gettext_lazy("Parent or guardian"),
    WritingAs.FAMILY: gettext_lazy("Another family member or a friend"),
    WritingAs.PROFESSIONAL: gettext_lazy("Professional, such as a therapist, a school or a hospital"),
}


DANGERS = {
    Danger.YES: gettext_lazy("They said that someone is in immediate danger."),
    Danger.UNSAID: gettext_lazy("They would rather not say whether someone is in immediate danger."),
}
PARENTS = {
    ParentKnows.YES: gettext_lazy("A parent or guardian knows that they are writing."),
    ParentKnows.NOT_YET: gettext_lazy("No parent or guardian knows yet that they are writing."),
    ParentKnows.ASK_FIRST: gettext_lazy("Talk with them before you talk with a parent or guardian, who does not know."),
}


@dataclass(frozen=True)
class Person:
    """`payload` is what `receiving.payload_of` made of the form, in this release or an earlier one; `no_consent` is the
    channels for which they took their consent back; `chose_call_later`: a time for a call, after the form was sent."""

    payload: dict[str, Any]
    no_consent: frozenset[str] = frozenset()
    chose_call_later: bool = False

    # --- What changes later -----------------------------------------------------------------------------------------

    def with_safety(self, safety: dict[str, Any]) -> Person:
        """As `receiving.safety_of` made it."""
        return replace(self, payload=self.payload | {"consent": self.consent} | safety)

    def without_consent(self, channel: str) -> Person:
        return replace(self, no_consent=self.no_consent | {channel})

    def sent_again(self, person: Person) -> Person:
        """As `person`, who has agreed to nothing anew: the boxes of a form that is sent again are still ticked."""
        return replace(person, no_consent=self.no_consent)

    # --- Who --------------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.payload["name"]

    @property
    def writing_as(self) -> str:
        writing_as = self.payload["writing_as"]
        return str(WRITERS.get(writing_as, writing_as))

    @property
    def is_professional(self) -> bool:
        return self.payload["writing_as"] == WritingAs.PROFESSIONAL

    @property
    def asked_for_call(self) -> bool:
        """By choosing a time for it, whether or not they got that one."""
        return self.chose_call_later or bool(self.payload.get("call_time", ""))

    @property
    def organisation(self) -> str:
        return self.payload.get("organisation", "")

    @property
    def says_person_knows(self) -> bool:
        """Of whom a professional writes; nobody else is asked."""
        return self.payload.get("person_knows", False)

    @property
    def is_in_danger(self) -> bool:
        return self.payload.get("in_danger", "") == Danger.YES

    @property
    def danger(self) -> str:
        """A sentence; '' where they said no, or nothing."""
        return str(DANGERS.get(self.payload.get("in_danger", ""), ""))

    @property
    def parent_knows(self) -> str:
        """A sentence; '' where they were not asked."""
        return str(PARENTS.get(self.payload.get("parent_knows", ""), ""))

    # --- What they said ---------------------------------------------------------------------------------------------

    @property
    def preferred_contact(self) -> str:
        preferred = self.payload["preferred_contact"]
        return str(PREFERENCES.get(preferred, preferred)) or _("not said")

    @property
    def best_times(self) -> str:
        return ", ".join(_label(BestTime, value) for value in self.payload["best_times"]) or _("not said")

    @property
    def age_band(self) -> str:
        return _label(Enquiry.AgeBand, self.payload["age_band"])

    @property
    def state(self) -> str:
        return _label(State, self.payload["state"])

    @property
    def level_of_care(self) -> str:
        return self.payload["level_of_care"] or _("Not sure yet")

    @property
    def insurer(self) -> str:
        return self.payload["insurer"]

    @property
    def message(self) -> str:
        return self.payload["message"]

    # --- How they can be reached ------------------------------------------------------------------------------------

    @property
    def telephone(self) -> str:
        """As people write it, '' when none was given."""
        return _written(self.payload["telephone"], self.payload["telephone_extension"])

    @property
    def email(self) -> str:
        return self.payload["email"]

    @property
    def other_name(self) -> str:
        return self.payload.get("other_name", "")

    @property
    def other_telephone(self) -> str:
        """Of whoever is to be reached instead; '' where nobody is."""
        return _written(self.payload.get("other_telephone", ""), self.payload.get("other_telephone_extension", ""))

    @property
    def safe(self) -> list[str]:
        """The SafeContact values that they said are safe."""
        safe = self.payload["safe_contact"]
        # The first forms asked nothing about calls: a number was given to be called.
        is_of_the_first = "consent" not in self.payload
        return [SafeContact.CALL.value, *safe] if is_of_the_first and self.payload["telephone"] else safe

    @property
    def safe_contact(self) -> str:
        return ", ".join(_label(SafeContact, value) for value in self.safe) or _("none of them")

    @property
    def consent(self) -> dict[str, dict[str, Any]]:
        """The words that they ticked, by ConsentChannel value, whether or not they took it back."""
        return self.payload.get("consent", {})

    @property
    def consents(self) -> list[tuple[str, str, bool]]:
        """What they agreed to: the channel, the words that they ticked, and whether they took it back."""
        return [
            (_label(ConsentChannel, channel), given["text"], channel in self.no_consent)
            for channel, given in self.consent.items()
        ]

    @property
    def may_say_who_calls(self) -> bool:
        """Where they chose nothing, a first name is all that may be said."""
        return self.payload.get("say_who", "") == SayWho.PROGRAM

    @property
    def say_who(self) -> str:
        if self.may_say_who_calls:
            return _("You may say who you are and where you call from.")
        return _("Give a first name only, and say no more until you speak with them.")

    def has(self, channel: SafeContact) -> bool:
        """Whether they gave the number or the address for it."""
        return bool(self.email if channel == SafeContact.EMAIL else self.telephone)

    def link(self, channel: SafeContact) -> str:
        """RFC 3966, 5724 and 6068; '' where there is none."""
        if not self.has(channel) or channel == SafeContact.VOICEMAIL:
            return ""
        if channel == SafeContact.EMAIL:
            return f"mailto:{quote(self.email, safe='@')}"
        if channel == SafeContact.TEXT:
            return f"sms:{self.payload['telephone']}"
        return _call_link(self.payload["telephone"], self.payload["telephone_extension"])

    @property
    def other_link(self) -> str:
        return _call_link(self.payload.get("other_telephone", ""), self.payload.get("other_telephone_extension", ""))

    @property
    def warnings(self) -> list[str]:
        """What must not be overlooked before anybody reaches out, at any hour."""
        found = [self.danger] if self.danger else []
        if self.parent_knows and self.payload["parent_knows"] != ParentKnows.YES:
            found.append(self.parent_knows)
        if self.other_telephone:
            return [*found, _("Reach {name} instead of them.").format(name=self.other_name)]
        found += [_("No {channel}.").format(channel=_label(ConsentChannel, one)) for one in sorted(self.no_consent)]
        return found + self._unsafe

    @property
    def _unsafe(self) -> list[str]:
        words = {
            SafeContact.CALL: _("Not safe to call."),
            SafeContact.VOICEMAIL: _("Leave no voicemail."),
            SafeContact.TEXT: _("Not safe to text."),
            SafeContact.EMAIL: _("Not safe to e-mail."),
        }
        left = [channel for channel in words if self.has(channel) and channel not in self.no_consent]
        unsafe = [channel for channel in left if channel not in self.safe]
        if SafeContact.CALL in unsafe and SafeContact.VOICEMAIL in unsafe:
            unsafe.remove(SafeContact.VOICEMAIL)
        return [words[channel] for channel in unsafe]


def _written(e164: str, extension: str) -> str:
    """As people write a number; '' for none."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    is_us = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_us else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style) + (f", ext. {extension}" if extension else "")


def _call_link(e164: str, extension: str) -> str:
    return f"tel:{e164}" + (f";ext={extension}" if extension else "") if e164 else ""


def _label(choices: type[TextChoices], value: str) -> str:
    """The label of `value`; the value itself where this release no longer knows it."""
    return str(dict(choices.choices).get(value, value))
