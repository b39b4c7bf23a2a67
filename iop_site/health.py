"""What machines ask: is this process alive, and can it do its work? No session, nothing personal, nothing secret.

A middleware rather than routes: whoever asks does so by the machine's own address, which ALLOWED_HOSTS does not list.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal

import pyrage
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions import spool
from admissions.models import SelfTestResult
from iop_site import age_keys, housekeeping, mail

MORE_THAN_AN_ENQUIRY = 128 * 1024


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 {"ready": true, "reasons": [], "spool": …, "staff_key": …, "mail": …, "worker": …, "self_test": …}, or
    503 with a sentence for each reason.

    What waits in the spool is no reason: it is safe there, and goes in by itself. Nor is mail that is owed, a worker
    that is away, or a staff key that opens nothing: visitors can be answered. `staff_key` is null where none may be,
    the last three while the database does not answer, and the very last as long as the site has never tested itself.
    """
    reasons = [*database_reasons(), *key_reasons(), *folder_reasons()]
    answer = {"ready": not reasons, "reasons": reasons, "spool": spooled(), "staff_key": staff_key(), **afterwards()}
    return JsonResponse(answer, status=503 if reasons else 200)


def spooled() -> dict[str, int]:
    """Numbers of what is not in the database yet; the age of the oldest in seconds."""
    since = spool.waiting_since()
    return {"waiting": len(spool.files()), "waiting_for": _age(since) if since else 0, "broken": len(spool.broken())}


def afterwards() -> dict[str, dict[str, int | str | None] | None]:
    """Numbers of what happens after an enquiry is stored; ages in seconds."""
    try:
        trouble, seen_at, queue = mail.trouble(), housekeeping.seen_at(), housekeeping.queue()
        last_test = SelfTestResult.latest()
    except DatabaseError:
        return {"mail": None, "worker": None, "self_test": None}
    owed = {
        "owed": trouble.owed if trouble else 0,
        "failed_attempts": trouble.attempts if trouble else 0,
        "owed_for": _age(trouble.since) if trouble else 0,
    }
    worker = {"seen_ago": seen_at and _age(seen_at), **asdict(queue)}
    return {"mail": owed, "worker": worker, "self_test": last_test and _self_test(last_test)}


def _self_test(result: SelfTestResult) -> dict[str, int | str | None]:
    return {"ok": result.is_well, "age": _age(result.at), "failed_step": result.failed_step or None}


def _age(moment: datetime) -> int:
    return int((timezone.now() - moment).total_seconds())


def database_reasons() -> list[str]:
    try:
        applied, is_writable = MigrationRecorder(connection).applied_migrations(), takes_writes()
    except DatabaseError:
        return ["The database does not answer."]
    missing = migrations_on_disk() - applied.keys()
    reasons = [f"The database lacks {len(missing)} migrations."] if missing else []
    return reasons if is_writable else [*reasons, "The database takes no writes."]


def takes_writes() -> bool:
    """Asked without a write, which would wait for other writers, and which strangers could ask for without end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return cursor.fetchone() == ("off",)
    file = Path(connection.settings_dict["NAME"])
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


@functools.cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def key_reasons() -> list[str]:
    keys = {"staff": settings.ENQUIRY_STAFF_PUBLIC_KEY, "recovery": settings.ENQUIRY_RECOVERY_PUBLIC_KEY}
    return [
        f"The {name} public key is missing or invalid: enquiries cannot be sealed."
        for name, key in keys.items()
        if not is_recipient(key)
    ]


def staff_key() -> Literal["right", "missing", "wrong"] | None:
    """Whether this process could open what is sealed now; None where no private key may be. While keys are changed, the
    one that opens may be a former one, behind the first."""
    if not settings.HAS_STAFF:
        return None
    if not settings.ENQUIRY_STAFF_KEY:
        return "missing"
    try:
        found = age_keys.identities(settings.ENQUIRY_STAFF_KEY)
    except pyrage.IdentityError:
        return "wrong"
    public = {age_keys.public_half(key) for key in found}
    return "right" if settings.ENQUIRY_STAFF_PUBLIC_KEY in public else "wrong"


def is_recipient(key: str) -> bool:
    """Whether `key` is an age X25519 public key."""
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        return False
    return True


def folder_reasons() -> list[str]:
    """What would be in the way of an enquiry that has to go into the spool, a full disk as well."""
    folder = spool.folder()
    try:
        with tempfile.TemporaryFile(dir=folder if folder.exists() else settings.DATA_DIR) as file:
            file.write(bytes(MORE_THAN_AN_ENQUIRY))
    except OSError:
        return ["DATA_DIR cannot be written."]
    return []


VIEWS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Answers before anything asks for the host, the session or a form's token; after it only headers are added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return VIEWS.get(request.path_info, self.get_response)(request)
