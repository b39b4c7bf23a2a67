"""An enquiry as staff read it once it is open: labels for the sealed values, and links that obey what is safe.

Opens nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import phonenumbers
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admissions.choices import BestTime, PreferredContact, SafeContact, State, WritingAs
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


@dataclass(frozen=True)
class Person:
    """`payload` is what `services.payload_of` made of the form."""

    payload: dict[str, Any]

    @property
    def name(self) -> str:
        return self.payload["name"]

    @property
    def writing_as(self) -> str:
        writing_as = self.payload["writing_as"]
        return str(WRITERS.get(writing_as, writing_as))

    @property
    def preferred_contact(self) -> str:
        preferred = self.payload["preferred_contact"]
        return str(PREFERENCES.get(preferred, preferred))

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

    @property
    def telephone(self) -> str:
        """As people write it, '' when none was given."""
        if not self.payload["telephone"]:
            return ""
        number = phonenumbers.parse(self.payload["telephone"])
        is_us = number.country_code == 1
        style = phonenumbers.PhoneNumberFormat.NATIONAL if is_us else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        extension = self.payload["telephone_extension"]
        return phonenumbers.format_number(number, style) + (f", ext. {extension}" if extension else "")

    @property
    def email(self) -> str:
        return self.payload["email"]

    def is_safe(self, way: SafeContact) -> bool:
        return way.value in self.payload["safe_contact"]

    @property
    def safe_contact(self) -> str:
        return ", ".join(_label(SafeContact, value) for value in self.payload["safe_contact"]) or _("none of them")

    @property
    def warnings(self) -> list[str]:
        """What must not be done with the telephone number and the e-mail address that were given."""
        telephone = {SafeContact.VOICEMAIL: _("Leave no voicemail"), SafeContact.TEXT: _("Not safe to text")}
        email = {SafeContact.EMAIL: _("Not safe to e-mail")}
        ways = (telephone if self.telephone else {}) | (email if self.email else {})
        return [words for way, words in ways.items() if not self.is_safe(way)]

    @property
    def may_leave_voicemail(self) -> bool:
        return self.is_safe(SafeContact.VOICEMAIL)

    @property
    def call_link(self) -> str:
        """RFC 3966; '' without a number."""
        extension = self.payload["telephone_extension"]
        return f"tel:{self.payload['telephone']}" + (f";ext={extension}" if extension else "") if self.telephone else ""

    @property
    def text_link(self) -> str:
        """RFC 5724; '' where texting is not safe or there is no number."""
        return f"sms:{self.payload['telephone']}" if self.telephone and self.is_safe(SafeContact.TEXT) else ""

    @property
    def mail_link(self) -> str:
        """RFC 6068; '' where e-mail is not safe or there is no address."""
        return f"mailto:{quote(self.email, safe='@')}" if self.email and self.is_safe(SafeContact.EMAIL) else ""


def _label(choices: type[TextChoices], value: str) -> str:
    """The label of `value`; the value itself where this release no longer knows it."""
    return str(dict(choices.choices).get(value, value))
