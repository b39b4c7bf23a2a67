"""What visitors fill in by their private link. Questions, words and rules are those of the enquiry form."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from admissions import call_times
from admissions.fields import TextField
from admissions.forms import rules
from admissions.forms.enquiry import MESSAGE_MAX, EnquiryForm
from admissions.forms.layout import safety
from admissions.forms.variants import Fields

SAFETY = ("safe_contact", "best_times", "say_who", "other_name", "other_telephone")


# Nobody here can read which hours are safe.
CALL_TIME_HINT = format_lazy(
    _("Choose only an hour at which a call is safe. The times are those of our office ({zone})."),
    zone=lazy(call_times.zone, str)(),
)


class OwnForm(forms.Form):
    """Without its tag, which the page has. Nothing in it: what is withdrawn needs no answer."""

    use_required_attribute = False

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        return helper


class MessageForm(OwnForm):
    message = TextField(
        label=_("What would you like to add?"),
        help_text=_("Up to 2,000 characters. You do not need to name a diagnosis."),
        max_length=MESSAGE_MAX,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please write what you would like to add.")},
    )


class SafetyForm(OwnForm):
    """All of it is asked anew: what was said before nobody here can read."""

    clean_best_times = EnquiryForm.clean_best_times

    @cached_property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(safety())
        return helper

    def clean(self) -> dict[str, Any]:
        rules.check_other_contact(self)
        return self.cleaned_data


SafetyForm.base_fields = Fields({name: EnquiryForm.base_fields[name] for name in SAFETY})


class CallTimeForm(OwnForm):
    """Offers what is free at this moment, and beside it what was chosen, a form that comes back being as it was sent,
    and what is agreed on: `held`, which a new form has chosen already."""

    def __init__(self, data: Any = None, *, held: datetime | None = None) -> None:
        super().__init__(data)
        field = deepcopy(EnquiryForm.base_fields["call_time"])
        self.fields["call_time"] = field
        chosen = call_times.read(self.data.get("call_time", ""))
        offered = sorted({*call_times.open_slots(timezone.now()), *filter(None, [held, chosen])})
        self.has_times = bool(offered)
        field.choices = [("", _("As soon as possible")), *call_times.named(offered)]  # type: ignore[attr-defined]
        field.initial = call_times.value_of(held) if held else ""
        field.help_text = CALL_TIME_HINT

    def clean_call_time(self) -> datetime | None:
        """None: as soon as possible."""
        return call_times.read(self.cleaned_data["call_time"])
