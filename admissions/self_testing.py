"""The site tests itself: an enquiry that it sends itself is followed from the form to the notice, and removed again.

Each step asks the real thing: the web server at SITE_URL, the database, the staff key, the mail server. Staff never see
the enquiry; what they see is a SelfTestResult.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import db
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from admissions import consents, sealing, self_test, services, spool, tokens
from admissions import self_test_visit as visit
from admissions.models import Enquiry, ReadRecord, SelfTestResult
from admissions.references import spoken
from admissions.tasks import notify_staff
from content.models import SiteSettings
from iop_site.models import OwedMail

logger = logging.getLogger(__name__)
Step = SelfTestResult.Step

MESSAGE = "This is the site’s own test, so nobody has to answer. Señal {word}\nIt has a second line."
# What is typed, beside what is different each time.
TYPED: dict[str, Any] = {
    "in_danger": "no",
    "writing_as": "self",
    "age_band": "adult",
    "name": "  Self-test of the site ",
    "telephone": "(617) 555-0142 ext. 7",
    "email": "self-test@example.org",
    "preferred_contact": "email",
    "safe_contact": ["voicemail", "email"],
    "best_times": ["morning", "evening"],
    "say_who": "program",
    "other_name": "Another Self-test",
    "other_telephone": "617.555.0143",
    "state": "MA",
    "level_of_care": "",
    "insurer": "No insurer: a test",
}
# What must be sealed of it.
WRITTEN: dict[str, Any] = TYPED | {
    "name": "Self-test of the site",
    "telephone": "+16175550142",
    "telephone_extension": "7",
    "other_telephone": "+16175550143",
    "other_telephone_extension": "",
    "organisation": "",
    "person_knows": False,
    "parent_knows": "",
    "call_time": "",
}
# For a notice that another worker has begun to send.
NOTICE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.2


class Failed(Exception):
    """Its text is a sentence for staff."""


# --- What others call -----------------------------------------------------------------------------------------------


@task
def test_now() -> None:
    """Daily, and when staff ask for it."""
    run()


def run() -> SelfTestResult:
    """The result, which is stored unless the database is away."""
    began = time.monotonic()
    with translation.override(settings.LANGUAGE_CODE):
        failed_step, sentence = _Walk().outcome()
    took_ms = round((time.monotonic() - began) * 1000)
    result = SelfTestResult(failed_step=failed_step, sentence=sentence, took_ms=took_ms)
    if sentence:
        logger.error("The site’s test of itself failed (%s). %s", failed_step, sentence)
    try:
        result.keep()
    except db.Error as error:
        logger.error("The result of the site’s test of itself could not be stored (%s).", type(error).__name__)
    return result


def is_under_way() -> bool:
    waiting = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return DBTaskResult.objects.filter(task_path=test_now.module_path, status__in=waiting).exists()


# --- The way of one enquiry -----------------------------------------------------------------------------------------


class _Walk:
    """`step` is the one that is being tried."""

    def __init__(self) -> None:
        self.step = Step.FORM
        self.enquiry: Enquiry | None = None

    def outcome(self) -> tuple[str, str]:
        """The step that failed and a sentence; two times '' where all is well."""
        failures = []
        for part in (self._go, self._remove):
            try:
                with _said():
                    part()
            except Failed as error:
                failures.append((str(self.step), str(error)))
        # What fails afterwards mostly follows from what failed first.
        return failures[0] if failures else ("", "")

    def _go(self) -> None:
        token = visit.token_of_form()
        self.step = Step.SEND
        with translation.override(settings.LANGUAGE_CODE):
            agreed = consents.current()
        message = MESSAGE.format(word=secrets.token_hex(8))
        sent = TYPED | {"message": message, "consent": [wording.value for wording in agreed]}
        confirmation = visit.send(sent | {"token": token, self_test.FIELD: self_test.mark()})
        reference = visit.reference_at(confirmation)
        self.step = Step.STORE
        self.enquiry = _stored(reference, tokens.idempotency_key(tokens.read(token).nonce))
        self.step = Step.OPEN
        consent = {wording.channel: {"id": wording.pk, "text": wording.text} for wording in agreed}
        _compare(_opened(self.enquiry), WRITTEN | {"message": message, "consent": consent})
        self.step = Step.NOTIFY
        _notify(self.enquiry)

    def _remove(self) -> None:
        """This one, and what a test left behind that was killed or whose enquiry waited in the spool."""
        self.step = Step.REMOVE
        ours = self.enquiry.pk if self.enquiry else None
        with transaction.atomic():
            left = Q(received_at__lt=timezone.now() - self_test.GOOD_FOR)
            gone = Enquiry.objects.filter(Q(pk=ours) | left, is_synthetic=True)
            for pk, reference in gone.values_list("pk", "reference"):
                _notices_of(pk).filter(status=TaskResultStatus.READY).delete()
                _owed_about(reference).delete()
            gone.remove_synthetic()
        if ours and Enquiry.objects.filter(pk=ours).exists():
            raise Failed(_("The test’s own enquiry is still there."))


@contextmanager
def _said() -> Iterator[None]:
    """Whatever goes wrong becomes Failed."""
    try:
        yield
    except Failed:
        raise
    except (visit.VisitFailed, sealing.SealingError) as error:
        raise Failed(str(error)) from error
    except db.Error as error:
        # The class alone: a database's message may quote what was to be stored.
        raise Failed(_("The database fails ({problem}).").format(problem=type(error).__name__)) from error
    except Exception as error:
        logger.exception("The site’s test of itself met what it does not know.")
        text = _("Something that this test does not know: {problem}. Whoever runs the server finds more in the log.")
        raise Failed(text.format(problem=type(error).__name__)) from error


def _stored(reference: str, key: str) -> Enquiry:
    enquiry = Enquiry.objects.filter(reference=reference, idempotency_key=key).first()
    if enquiry is None and any(path.name.startswith(key) for path in spool.files()):
        raise Failed(
            _("The website could not reach the database, so the enquiry waits in the spool. It goes in by itself.")
        )
    if enquiry is None:
        raise Failed(
            _(
                "The website gave out a reference, but the enquiry is not in the database here. It may wait in the"
                " spool of another machine, or the website uses another database."
            )
        )
    if not enquiry.is_synthetic:
        raise Failed(_("The enquiry is stored, but not marked as a test: {reference}.").format(reference=reference))
    return enquiry


def _opened(enquiry: Enquiry) -> dict[str, Any]:
    opened = services.open_enquiry(enquiry=enquiry, actor=None, action=ReadRecord.Action.SELF_TEST)
    return opened.first.payload


def _compare(payload: dict[str, Any], wanted: dict[str, Any]) -> None:
    found = {name: value for name, value in payload.items() if name != "schema"}
    names = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if names:
        text = _("What was opened is not what was sent: {names}.")
        raise Failed(text.format(names=", ".join(names)))


# --- The notice -----------------------------------------------------------------------------------------------------


def _notices_of(pk: int) -> db.models.QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(task_path=notify_staff.module_path, args_kwargs__args=[pk])


def _owed_about(reference: str) -> db.models.QuerySet[OwedMail]:
    return OwedMail.objects.filter(subject__contains=spoken(reference))


def _notify(enquiry: Enquiry) -> None:
    """The notice that was queued with the enquiry, done here and now: the worker that runs this test is the one that
    would do it, unless there are more."""
    if not SiteSettings.load().notify_email:
        raise Failed(_("The site settings name no address for notices, so nobody is told of enquiries."))
    notice = _notices_of(enquiry.pk).first()
    if notice is None:
        raise Failed(_("The enquiry was stored, but no notice about it was put into the queue."))
    is_ours, _rows = _notices_of(enquiry.pk).filter(status=TaskResultStatus.READY).delete()
    if is_ours:
        notify_staff.call(enquiry.pk)
    else:
        _wait_for(notice)
    owed = _owed_about(enquiry.reference).first()
    if owed is not None:
        problem = owed.problem or _("it failed before, and is left alone for a while")
        text = _("The mail server did not take the notice ({problem}).")
        raise Failed(text.format(problem=problem))


def _wait_for(notice: DBTaskResult) -> None:
    until = time.monotonic() + NOTICE_SECONDS
    while time.monotonic() < until:
        notice.refresh_from_db()
        if notice.status == TaskResultStatus.SUCCESSFUL:
            return
        if notice.status == TaskResultStatus.FAILED:
            raise Failed(
                _("The worker failed to send the notice ({problem}).").format(problem=notice.exception_class_path)
            )
        time.sleep(LOOK_EVERY_SECONDS)
    raise Failed(_("The worker has begun to send the notice, and has not finished within a minute."))
