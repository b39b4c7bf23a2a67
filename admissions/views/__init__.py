"""What visitors meet: the form, the page that says it has arrived, and what the form asks."""

from __future__ import annotations

from admissions.views.create import enquiry_create
from admissions.views.own import (
    own_call_event,
    own_call_time,
    own_enquiry,
    own_message,
    own_safety,
    own_withdraw,
)
from admissions.views.own_by_receipt import own_call_time_by_receipt, own_link
from admissions.views.privacy import privacy_facts
from admissions.views.received import call_event, enquiry_received

__all__ = [
    "call_event",
    "enquiry_create",
    "enquiry_received",
    "own_call_event",
    "own_call_time",
    "own_call_time_by_receipt",
    "own_enquiry",
    "own_link",
    "own_message",
    "own_safety",
    "own_withdraw",
    "privacy_facts",
]
