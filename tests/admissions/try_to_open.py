"""Run as a process of a surface: tries to open everything that its database holds; what it reached is printed."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

import pyrage  # noqa: E402
from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from admissions import sealing, services  # noqa: E402
from admissions.models import Enquiry, EnquiryEvent  # noqa: E402

PRIVATE_KEY = re.compile(rb"AGE-SECRET-KEY-1[0-9A-Z]{58}", re.IGNORECASE)
WRITTEN = "Alex Rivera"


def main() -> None:
    enquiries, actor = list(Enquiry.objects.all()), User.objects.get()
    texts = [bytes(row.sealed) for model in (Enquiry, EnquiryEvent) for row in model.objects.exclude(sealed=None)]
    values = {name: repr(getattr(settings, name)).encode() for name in dir(settings) if name.isupper()}
    keys = keys_in(*values.values(), *(value.encode() for value in os.environ.values()), *everything_on_disk())
    reached = {
        "enquiries": len(enquiries),
        "texts": len(texts),
        "in_settings": len(keys_in(*values.values())),
        "keys_found": len(keys),
        "by_keys": sum(opens(text, keys) for text in texts),
        "by_services": sum(opened_by_services(enquiry, actor) for enquiry in enquiries),
        "by_names": opened_names(enquiries, actor),
        "by_admin": pages_of_the_admin(enquiries, actor),
        "sealed": sealing.seal_payload({"name": "Alex"})[:21].decode(),
    }
    json.dump(reached, sys.stdout)


def everything_on_disk() -> list[bytes]:
    return [path.read_bytes() for path in Path(settings.DATA_DIR).rglob("*") if path.is_file()]


def keys_in(*texts: bytes) -> set[str]:
    return {found.decode().upper() for text in texts for found in PRIVATE_KEY.findall(text)}


def opens(text: bytes, keys: set[str]) -> bool:
    """By a private key that lies about, or by what somebody may take for one."""
    for key in [*keys, settings.ENQUIRY_STAFF_PUBLIC_KEY, settings.ENQUIRY_RECOVERY_PUBLIC_KEY, settings.SECRET_KEY]:
        try:
            pyrage.decrypt(text, [pyrage.x25519.Identity.from_str(key)])
        except (pyrage.IdentityError, pyrage.DecryptError):
            continue
        return True
    return False


def opened_by_services(enquiry: Enquiry, actor: Any) -> bool:
    try:
        return services.open_enquiry(enquiry=enquiry, actor=actor).person.name == WRITTEN
    except sealing.StaffKeyMissing:
        return False


def opened_names(enquiries: list[Enquiry], actor: Any) -> int:
    try:
        return list(services.open_names(enquiries=enquiries, actor=actor).values()).count(WRITTEN)
    except sealing.StaffKeyMissing:
        return 0


def pages_of_the_admin(enquiries: list[Enquiry], actor: Any) -> int:
    """How many of them show what was written, to whoever may see it there."""
    client = Client()
    if apps.is_installed("django.contrib.sessions"):
        client.force_login(actor)
    paths = ["", *(f"{enquiry.pk}/change/" for enquiry in enquiries)]
    # Nothing was collected here, and what a page looks like does not matter.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        answers = [client.get(f"/admin/admissions/enquiry/{path}", HTTP_HOST="127.0.0.1") for path in paths]
    return sum(WRITTEN.encode() in answer.content for answer in answers)


main()
