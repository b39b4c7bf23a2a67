"""What people fill in: normalise and validate, nothing else."""

from __future__ import annotations

from admissions.forms.enquiry import NOT_SURE, EnquiryForm
from admissions.forms.note import NoteForm
from admissions.forms.own import CallTimeForm, MessageForm, OwnForm, SafetyForm

__all__ = ["NOT_SURE", "CallTimeForm", "EnquiryForm", "MessageForm", "NoteForm", "OwnForm", "SafetyForm"]
