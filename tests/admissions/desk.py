"""The desk as its tests use it: who looks, at what, and what is to be read there."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from admissions.models import Enquiry

LIST = "/admin/admissions/enquiry/"
PERSONAL = ("Alex", "Rivera", "555-0123", "alex@example.org", "Blue Example", "comes next", "Massachusetts")


def client_of(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def url_of(enquiry: Enquiry, what: str = "change") -> str:
    return f"{LIST}{enquiry.pk}/{what}/"


def text_of(response: HttpResponse) -> str:
    return " ".join(unescape(response.content.decode()).split())
