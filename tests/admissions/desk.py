"""The desk as its tests use it: who looks, at what, and what is to be read there."""

from __future__ import annotations

import itertools
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from admissions import sealing
from admissions.models import Enquiry, EnquiryEvent
from admissions.references import reference_for

LIST = "/admin/admissions/enquiry/"
_numbers = itertools.count(1)
PERSONAL = ("Alex", "Rivera", "555-0123", "alex@example.org", "Blue Example", "comes next", "Massachusetts")


def client_of(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def url_of(enquiry: Enquiry, what: str = "change") -> str:
    return f"{LIST}{enquiry.pk}/{what}/"


def text_of(response: HttpResponse) -> str:
    return " ".join(unescape(response.content.decode()).split())


def payload(**changes: Any) -> dict[str, Any]:
    """What is sealed of somebody who can be reached in every way at any time, with `changes`."""
    return {
        "in_danger": "no",
        "writing_as": "parent",
        "name": "Alex Rivera",
        "organisation": "",
        "person_knows": False,
        "telephone": "+16175550123",
        "telephone_extension": "",
        "email": "alex@example.org",
        "preferred_contact": "call",
        "safe_contact": ["call", "voicemail", "text", "email"],
        "best_times": [],
        "say_who": "program",
        "other_name": "",
        "other_telephone": "",
        "other_telephone_extension": "",
        "consent": {channel: {"id": 0, "text": f"Yes to {channel}."} for channel in ("call", "text", "email")},
        "parent_knows": "",
        "age_band": "teen",
        "state": "MA",
        "level_of_care": "",
        "insurer": "Blue Example",
        "message": "We do not know what comes next.",
    } | changes


ADDED_LATER = {"in_danger", "organisation", "person_knows", "say_who", "consent", "parent_knows"} | {
    key for key in payload() if key.startswith("other_")
}


def first_payload(**changes: Any) -> dict[str, Any]:
    """The same as the first release sealed it: a number was given to be called, and nobody was asked to agree."""
    first = {key: value for key, value in payload().items() if key not in ADDED_LATER}
    return first | {"schema": 1, "safe_contact": ["voicemail"]} | changes


def safety(**changes: Any) -> dict[str, Any]:
    """What is sealed of a visitor who changes what is safe."""
    keys = ("safe_contact", "best_times", "say_who", "other_name", "other_telephone", "other_telephone_extension")
    return {key: payload(**changes)[key] for key in keys}


def store(sealed: dict[str, Any] | None, **columns: Any) -> Enquiry:
    """An enquiry with `sealed` in it."""
    number = next(_numbers)
    return Enquiry.objects.create(
        **{"reference": reference_for(f"store-{number}"), "idempotency_key": f"store-{number}", "age_band": "teen"}
        | {"sealed": sealed and sealing.seal_payload(sealed)}
        | columns
    )


def happen(enquiry: Enquiry, kind: str, sealed: dict[str, Any] | None = None, **columns: Any) -> EnquiryEvent:
    sealed_bytes = sealed and sealing.seal_payload(sealed)
    return EnquiryEvent.objects.create(enquiry=enquiry, kind=kind, sealed=sealed_bytes, **columns)
