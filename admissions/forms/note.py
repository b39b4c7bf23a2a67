"""NoteForm: what staff write about an enquiry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admissions.fields import TextField

NOTE_MAX = 4000


class NoteForm(forms.Form):
    """A step to another status needs no words."""

    use_required_attribute = False

    note = TextField(
        label=_("What happened?"),
        max_length=NOTE_MAX,
        error_messages={"required": _("Please write the note first.")},
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, is_required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = is_required
