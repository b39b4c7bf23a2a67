"""The form of an enquiry as a visitor sends it, and what comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from admissions import sealing
from admissions.models import Enquiry

URL = "/admissions/"


def send(data: dict[str, Any], **extra: Any) -> HttpResponse:
    """As a browser posts it, without any cookie and with CSRF checks on."""
    body = urlencode(data, doseq=True)
    return Client(enforce_csrf_checks=True).post(URL, body, "application/x-www-form-urlencoded", **extra)


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def token_in(response: HttpResponse) -> str:
    return re.search(r'name="token" value="([^"]+)"', text_of(response))[1]


def opened(enquiry: Enquiry) -> dict[str, Any]:
    return sealing.open_payload(enquiry.sealed, settings.ENQUIRY_STAFF_KEY)
