"""The form of an enquiry as a visitor sends it, and what comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from admissions import receiving, sealing, spool
from admissions.models import Enquiry
from tests.factories import cleaned_enquiry

URL = "/admissions/"


def send(data: dict[str, Any], **extra: Any) -> HttpResponse:
    """As a browser posts it, without any cookie and with CSRF checks on."""
    body = urlencode(data, doseq=True)
    return Client(enforce_csrf_checks=True).post(URL, body, "application/x-www-form-urlencoded", **extra)


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def token_in(response: HttpResponse) -> str:
    return re.search(r'name="token" value="([^"]+)"', text_of(response))[1]


def away(*args: Any, **kwargs: Any) -> None:
    """In place of what asks the database."""
    raise OperationalError("DETAIL: Failing row contains (Alex Rivera)")


def wait_in_spool(*, nonce: str = "form", sender: receiving.Sender | None = None, **changes: Any) -> spool.Waiting:
    """As make_enquiry, while the database is away."""
    cleaned, sender = cleaned_enquiry(**changes), sender or receiving.Sender()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiving, "store", away)
        waiting = receiving.submit_enquiry(cleaned=cleaned, token_nonce=nonce, language="en", sender=sender)
    assert isinstance(waiting, spool.Waiting)
    return waiting


def opened(enquiry: Enquiry) -> dict[str, Any]:
    return sealing.open_payload(enquiry.sealed, settings.ENQUIRY_STAFF_KEY)
