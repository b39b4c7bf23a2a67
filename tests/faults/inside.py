"""Run beside the site, in a process of its own: prepares it, and says what there is in the end.

python -m tests.faults.inside prepare|settle|count
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")


def prepare() -> None:
    """An empty site that can be written to: one level of care, somebody to tell, and a page."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    from tests.content.factories import make_live_page, make_site_settings
    from tests.factories import make_level_of_care

    make_site_settings()
    make_live_page(slug="home", title="Welcome")
    say(level=make_level_of_care(name="Virtual program").pk)


def say(**what: Any) -> None:
    json.dump(what, sys.stdout)


def let_time_pass() -> None:
    """A day, for whatever was left undone. Nothing else may run beside it."""
    from django.db.models import F
    from django_tasks_db.models import DBTaskResult

    from admissions import spool
    from iop_site.models import OwedMail

    day = timedelta(days=1)
    tasks = DBTaskResult.objects.filter(status__in=["RUNNING", "FAILED"])
    tasks.update(started_at=F("started_at") - day, finished_at=F("finished_at") - day)
    OwedMail.objects.update(next_attempt_at=F("next_attempt_at") - day)
    yesterday = time.time() - day.total_seconds()
    for path in spool.folder().glob("*"):
        os.utime(path, (yesterday, yesterday))


def settle() -> None:
    """Do what is left to do, by the site's own commands, until nothing is: what waits, was claimed, or is owed."""
    from django.core.management import call_command
    from django_tasks_db.models import DBTaskResult

    from admissions import spool
    from iop_site.models import OwedMail

    def is_left() -> bool:
        unfinished = DBTaskResult.objects.filter(task_path__startswith="admissions.").exclude(status="SUCCESSFUL")
        return bool(spool.files()) or unfinished.exists() or OwedMail.objects.exists()

    for _attempt in range(5):
        let_time_pass()
        call_command("drain_spool", verbosity=0, stdout=sys.stderr)
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
        if not is_left():
            return


def count() -> None:
    """Reads {"forms": [{"token", "expected"}]}; prints for each form the references that are stored for it and whether
    each opens to what was sent, and beside them what nobody sent and what is left undone."""
    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    from admissions import sealing, spool, tokens
    from admissions.models import Enquiry, EnquiryEvent
    from iop_site.models import OwedMail

    forms = json.load(sys.stdin)["forms"]
    stored: dict[str, list[Enquiry]] = {}
    for enquiry in Enquiry.objects.all():
        stored.setdefault(enquiry.idempotency_key, []).append(enquiry)
    events = Counter(EnquiryEvent.objects.values_list("enquiry_id", flat=True))

    def is_what_was_sent(enquiry: Enquiry, expected: dict[str, Any]) -> bool:
        payload = sealing.open_payload(enquiry.sealed, settings.ENQUIRY_STAFF_KEY)
        return {name: payload[name] for name in expected} == expected and not events[enquiry.pk]

    found = []
    for form in forms:
        rows = stored.pop(tokens.idempotency_key(tokens.read(form["token"]).nonce), [])
        is_true = all(is_what_was_sent(row, form["expected"]) for row in rows)
        found.append({"references": [row.reference for row in rows], "is_true": is_true})
    unfinished = DBTaskResult.objects.filter(task_path__startswith="admissions.").exclude(status="SUCCESSFUL")
    left = {
        "enquiries that nobody sent": sum(map(len, stored.values())),
        "files in the spool": len(list(spool.folder().glob("*"))),
        "tasks": unfinished.count(),
        "owed mails": OwedMail.objects.count(),
        "quarantined": Enquiry.objects.filter(is_quarantined=True).count(),
    }
    say(forms=found, left=left)


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "settle": settle, "count": count}[sys.argv[1]]()
