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
# Control characters, and halves of surrogate pairs, which no encoding can store; a text may have tabs and line breaks.
UNREADABLE_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
UNREADABLE_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that turn the direction of what follows; text in any script reads well without them, and some telephones wrap a
# copied number in them.
DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Nothing to see by themselves: format characters, spaces, marks that sit on another character, and letters drawn blank.
INVISIBLE = {"Cf", "Zs", "Mn", "Me"}
BLANK = set("\u115f\u1160\u2800\u3164\uffa0")
EXTENSION_WORDS = re.compile(r"\b(extension|ext|x)(?![^\W\d])", re.IGNORECASE)
# The parts of a number in the North American plan begin with 2–9, and none is N11 (911, 411 …).
NORTH_AMERICAN = re.compile(r"(?!.11)[2-9]\d\d(?!.11)[2-9]\d{6}")

TOO_LONG = _("Please shorten this to %(limit_value)d characters. It has %(show_value)d now.")
UNREADABLE_CHARACTER = _(
    "There is a character in this that we cannot read; it may have come along when pasting. Please type it instead."
)


INVISIBLE_TEXT = _(
    "We see only invisible characters here; they may have come along when pasting. Please type this instead."
)


def _refuse(unreadable: re.Pattern[str], text: str) -> None:
    if unreadable.search(text):
        raise ValidationError(UNREADABLE_CHARACTER, code="unreadable")


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in INVISIBLE and character not in BLANK


class OneLine:
    """Mixed into a CharField: one line of readable text. No `maxlength` in the page: it cuts what people paste."""

    def to_python(self, value: Any) -> str:
        text: str = DIRECTION_MARKS.sub("", super().to_python(value)).strip()  # type: ignore[misc]
        if LINE_BREAKS.search(text):
            raise ValidationError(_("Please write this on one line."), code="line_break")
        _refuse(UNREADABLE_IN_LINE, text)
        if text and not any(map(_is_visible, text)):
            raise ValidationError(INVISIBLE_TEXT, code="invisible")
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
        _refuse(UNREADABLE_IN_TEXT, text)
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
        "not_one": _("Please write one telephone number and nothing else, such as (617) 555-0142."),
    }

    def clean(self, value: Any) -> Telephone:
        text = super().clean(value)
        if not text:
            return Telephone()
        number = _parsed(text)
        if number is None or not _can_be_right(number):
            code = "not_one" if _is_more_than_one_number(text) else "invalid"
            raise ValidationError(self.error_messages[code], code=code)
        return Telephone(
            e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
            extension=number.extension or "",
        )


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None


def _is_more_than_one_number(text: str) -> bool:
    """Whether `text` has words in it, other than those for an extension, or a second number."""
    numbers = phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE)
    return any(map(str.isalpha, EXTENSION_WORDS.sub("", text))) or len(list(numbers)) > 1


def _can_be_right(number: phonenumbers.PhoneNumber) -> bool:
    """By length and by the numbering plan's rules. Not `is_valid_number`: its list of area codes grows old, and would
    refuse a number that exists."""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(number)
    return number.country_code != 1 or NORTH_AMERICAN.fullmatch(national) is not None
