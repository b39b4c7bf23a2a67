"""What staff fill in about the ways of reaching somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions import contact
from admissions.choices import ConsentChannel
from admissions.fields import OneLineField, TextField
from admissions.forms.note import NOTE_MAX
from admissions.models import ReadRecord

REASON_MAX = ReadRecord._meta.get_field("reason").max_length


class RevealForm(forms.Form):
    """To see a number or an address that is not safe to use now. One stands on the page for each."""

    use_required_attribute = False

    what = forms.ChoiceField(
        choices=[(kind, kind) for kind in (contact.OTHER, contact.TELEPHONE, contact.EMAIL)], widget=forms.HiddenInput
    )
    reason = OneLineField(
        label=_("Why do you need it?"),
        help_text=_("Recorded with your name, for the privacy officer, and not sealed: please name nobody here."),
        max_length=REASON_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Please write why you need it.")},
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        what = (data or kwargs.get("initial") or {}).get("what", "")
        super().__init__(data, auto_id=f"id_{what}_%s", **kwargs)


class NoConsentForm(forms.Form):
    """Somebody takes back what they agreed to: by telephone, in a letter, in any way."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=_("What do they no longer agree to?"),
        choices=ConsentChannel.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what they no longer agree to."),
            "invalid_choice": _("Please choose one of these."),
        },
    )
    note = TextField(
        label=_("How did they say so? (optional)"),
        max_length=NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_no_consent_%s")
