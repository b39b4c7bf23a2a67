"""Form fields that normalise what people type and refuse, in words that help, what cannot be right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LINE_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Cc: control characters. Cs: halves of surrogate pairs, which no encoding can store.
UNREADABLE = {"Cc", "Cs"}
# The parts of a number in the North American plan begin with 2–9, and none is N11 (911, 411 …).
NORTH_AMERICAN = re.compile(r"(?!.11)[2-9]\d\d(?!.11)[2-9]\d{6}")

TOO_LONG = _("Please shorten this to %(limit_value)d characters. It has %(show_value)d now.")
UNREADABLE_CHARACTER = _(
    "There is a character in this that we cannot read; it may have come along when pasting. Please type it instead."
)


def _refuse_unreadable(text: str, *, allowed: str = "") -> None:
    if any(unicodedata.category(character) in UNREADABLE and character not in allowed for character in text):
        raise ValidationError(UNREADABLE_CHARACTER, code="unreadable")


class OneLine:
    """Mixed into a CharField: one line of readable text. No `maxlength` in the page: it cuts what people paste."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)  # type: ignore[misc]
        if LINE_BREAKS.search(text):
            raise ValidationError(_("Please write this on one line."), code="line_break")
        _refuse_unreadable(text)
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)  # type: ignore[misc]
        attrs.pop("maxlength", None)
        return attrs


class OneLineField(OneLine, forms.CharField):
    default_error_messages = {"max_length": TOO_LONG}


class EmailField(OneLine, forms.EmailField):
    default_error_messages = {
        "max_length": TOO_LONG,
        "invalid": _("Please write the whole e-mail address, such as name@example.org."),
    }


class TextField(forms.CharField):
    """Several lines; every kind of line break becomes a plain one, and counts as one character."""

    widget = forms.Textarea
    default_error_messages = {"max_length": TOO_LONG}

    def to_python(self, value: Any) -> str:
        text = LINE_BREAKS.sub("\n", super().to_python(value))
        _refuse_unreadable(text, allowed="\n\t")
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


@dataclass(frozen=True)
class Telephone:
    """`e164` such as +16175550142, '' when none was given; `extension` is digits or ''."""

    e164: str = ""
    extension: str = ""

    def __bool__(self) -> bool:
        return bool(self.e164)


class TelephoneField(OneLineField):
    """Reads a number as a person in the US writes it; gives a Telephone."""

    widget = forms.TextInput(attrs={"type": "tel"})
    default_error_messages = {
        "invalid": _(
            "Please write the number with its area code, such as (617) 555-0142. A number from another country begins"
            " with +."
        ),
    }

    def clean(self, value: Any) -> Telephone:
        text = super().clean(value)
        if not text:
            return Telephone()
        try:
            number = phonenumbers.parse(text, "US")
        except phonenumbers.NumberParseException:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not _can_be_right(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Telephone(
            e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
            extension=number.extension or "",
        )


def _can_be_right(number: phonenumbers.PhoneNumber) -> bool:
    """By length and by the numbering plan's rules. Not `is_valid_number`: its list of area codes grows old, and would
    refuse a number that exists."""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(number)
    return number.country_code != 1 or NORTH_AMERICAN.fullmatch(national) is not None
