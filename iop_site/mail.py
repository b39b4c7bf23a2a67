"""All e-mail of the site: owed from the moment it is asked for until a mail server has taken it.

A server that fails is left alone for a while, longer each time, and what comes meanwhile waits with the rest. A
recipient who is refused keeps nobody else waiting, nor does a mail that is. What one recipient is owed by then goes out
as one.

Killed at any moment, it is sent again rather than never: whoever claims a mail has it for LEASE, and after that it is
due again. No transaction is open while a mail server is talked to.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from iop_site.models import OwedMail

logger = logging.getLogger(__name__)
Fault = OwedMail.Fault

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# After that it is not tried for its own sake, but once a day and whenever other mail is.
GIVE_UP_AFTER = timedelta(hours=48)
# Longer than one conversation takes: about eleven answers, each within EMAIL_TIMEOUT.
LEASE = timedelta(minutes=5)
TROUBLE_FROM_ATTEMPTS = 3
# Mail servers refuse what is very long.
MOST_IN_A_DIGEST = 100
BETWEEN = "\n\n----\n\n"


@dataclass(frozen=True)
class Trouble:
    """What is owed after a failure: how many mails, since when, failed how often in a row, and how at last."""

    owed: int
    since: datetime
    attempts: int
    problem: str

    @property
    def is_lasting(self) -> bool:
        return self.attempts >= TROUBLE_FROM_ATTEMPTS


# --- What others call -----------------------------------------------------------------------------------------------


def send(*, recipient: str, subject: str, body: str, is_urgent: bool = False) -> None:
    """Have it sent, at once unless mail is known to be down; an urgent one knocks all the same. Plain text without
    anything personal, as it is stored.

    For tasks: it talks to a mail server. Raises nothing that a mail server does, and django.db.Error.
    """
    now, digest = timezone.now(), OwedMail.digest_of(recipient, subject, body)
    if not OwedMail.objects.filter(digest=digest, claimed_until__gt=now).update(is_asked_again=True):
        _owe(digest, recipient, subject, body, is_urgent, now)
    deliver()


def _owe(digest: str, recipient: str, subject: str, body: str, is_urgent: bool, now: datetime) -> None:
    waits_with = None if is_urgent else _failing(recipient, now)
    owed = OwedMail(
        digest=digest,
        recipient=recipient,
        subject=subject,
        body=body,
        owed_since=now,
        next_attempt_at=waits_with.next_attempt_at if waits_with else now,
        fault=waits_with.fault if waits_with else "",
        language=translation.get_language() or settings.LANGUAGE_CODE,
        is_urgent=is_urgent,
    )
    OwedMail.objects.bulk_create([owed], ignore_conflicts=True)


def deliver() -> None:
    """Everything that is due, one e-mail a recipient, until there is no more or the server fails."""
    while mails := _claim():
        if not _hand_over(mails):
            return


@task
def retry() -> None:
    deliver()


def queue_retry() -> None:
    """One retry into the queue when something is due for its own sake. Called every little while."""
    now = timezone.now()
    if not OwedMail.objects.filter(next_attempt_at__lte=now, owed_since__gt=now - GIVE_UP_AFTER).exists():
        return
    unfinished = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    if not DBTaskResult.objects.filter(task_path=retry.module_path, status__in=unfinished).exists():
        retry.enqueue()


def trouble() -> Trouble | None:
    """None while nothing failed that is still owed. Two queries at most."""
    found = OwedMail.objects.aggregate(owed=Count("pk"), since=Min("owed_since"), attempts=Max("attempts"))
    if not found["attempts"]:
        return None
    worst = OwedMail.objects.order_by("-attempts", "owed_since").values_list("problem", flat=True).first()
    return Trouble(**found, problem=worst or "")


# --- Whose turn it is -----------------------------------------------------------------------------------------------


def _failing(recipient: str, now: datetime) -> OwedMail | None:
    """The mail that new mail to `recipient` has to wait with: not due yet, or being tried just now."""
    same_fault = Q(fault=Fault.SERVER) | Q(fault=Fault.RECIPIENT, recipient=recipient)
    return OwedMail.objects.filter(same_fault, next_attempt_at__gt=now).order_by("-next_attempt_at").first()


def _claim() -> list[OwedMail]:
    """What is due to one recipient, for us alone until the lease ends: what is urgent, then the oldest first."""
    with transaction.atomic():
        now = timezone.now()
        due = OwedMail.objects.filter(next_attempt_at__lte=now)
        # Then what never failed: nobody has to wait for the end of what always fails.
        first = due.order_by("-is_urgent", "attempts", "owed_since", "pk").first()
        if first is None:
            return []
        # A mail that was refused for what it says goes alone.
        same = Q(pk=first.pk) if first.fault == Fault.MAIL else Q(recipient=first.recipient) & ~Q(fault=Fault.MAIL)
        ours = due.filter(same).select_for_update().order_by("-is_urgent", "owed_since", "pk")
        mails = list(ours[:MOST_IN_A_DIGEST])
        _these(mails).update(claimed_until=now + LEASE, next_attempt_at=now + LEASE, is_asked_again=False)
    # Somebody else was quicker, and there may be more.
    return mails or _claim()


def _these(mails: list[OwedMail]) -> QuerySet[OwedMail]:
    return OwedMail.objects.filter(pk__in=[mail.pk for mail in mails])


# --- One conversation -----------------------------------------------------------------------------------------------


def _hand_over(mails: list[OwedMail]) -> bool:
    """False when the server failed, for everybody."""
    subject, body = _as_one(mails)
    try:
        send_mail(subject=subject, message=body, from_email=None, recipient_list=[mails[0].recipient])
    except Exception as error:
        fault = _fault_of(error)
        if fault == Fault.MAIL and len(mails) > 1:
            return all(_hand_over([mail]) for mail in mails)
        _put_off(mails, fault, problem_of(error))
        return fault != Fault.SERVER
    _sent(mails)
    return True


def _as_one(mails: list[OwedMail]) -> tuple[str, str]:
    """Subject and body."""
    if len(mails) == 1:
        return mails[0].subject, mails[0].body
    with translation.override(mails[-1].language):
        subject = ngettext("%(count)d message that waited", "%(count)d messages that waited", len(mails))
        if urgent := sum(mail.is_urgent for mail in mails):
            subject = _("URGENT: %(urgent)d of %(count)d messages that waited")
        opening = _(
            "E-mail from the website could not be sent for a while. This is what waited: what is urgent first, "
            "then the oldest first."
        )
    titles = [f"{number}. {mail.subject}" for number, mail in enumerate(mails, start=1)]
    parts = [f"{title}\n\n{mail.body.strip()}" for title, mail in zip(titles, mails, strict=True)]
    return subject % {"count": len(mails), "urgent": urgent}, BETWEEN.join(
        [opening + "\n\n" + "\n".join(titles), *parts]
    ) + "\n"


def _sent(mails: list[OwedMail]) -> None:
    """No longer owed, unless it was asked for again meanwhile; and the server works, so that what waited for it is
    due."""
    now = timezone.now()
    with transaction.atomic():
        _these(mails).filter(is_asked_again=False).delete()
        _these(mails).update(owed_since=now, next_attempt_at=now, claimed_until=None, attempts=0, problem="", fault="")
        waited = OwedMail.objects.filter(fault=Fault.SERVER, claimed_until=None)
        waited.update(next_attempt_at=now, fault="")


def _put_off(mails: list[OwedMail], fault: Fault, problem: str) -> None:
    now, failed = timezone.now(), Q(pk__in=[mail.pk for mail in mails])
    if fault == Fault.SERVER:
        # What waited for the server has failed with it, and so would what is due.
        failed |= Q(claimed_until=None) & (Q(fault=fault) | Q(next_attempt_at__lte=now))
    with transaction.atomic():
        rows = OwedMail.objects.filter(failed)
        attempts = 1 + rows.aggregate(most=Max("attempts", default=0))["most"]
        rows.update(
            attempts=F("attempts") + 1,
            next_attempt_at=now + pause_after(attempts),
            claimed_until=None,
            problem=problem,
            fault=fault,
        )
    logger.warning("Mail could not be sent (%s, %d times in a row): it is owed and tried again.", problem, attempts)


def _fault_of(error: Exception) -> Fault:
    """Every error of a connection is an OSError, those of smtplib included. What is neither is in the mail itself."""
    is_refused = isinstance(error, SMTPDataError) and error.smtp_code >= 500
    if is_refused or not isinstance(error, OSError):
        return Fault.MAIL
    return Fault.RECIPIENT if isinstance(error, (SMTPRecipientsRefused, SMTPDataError)) else Fault.SERVER


def pause_after(attempts: int) -> timedelta:
    """Twice as long each time, and not for everybody at the same moment."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 -- no secret


def problem_of(error: Exception) -> str:
    """Without the server's words, which may quote addresses."""
    code = error.smtp_code if isinstance(error, SMTPResponseException) else None
    if isinstance(error, SMTPRecipientsRefused):
        code = next((code for code, _words in error.recipients.values()), None)
    return type(error).__name__ + (f" {code}" if code else "")
