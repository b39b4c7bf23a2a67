"""How the site is, in sentences for staff: what waits in the spool, and how mail, the worker and its queue are.

A handful of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admissions import spool
from admissions.models import SelfTestResult
from iop_site import health, housekeeping, mail


@dataclass(frozen=True)
class HealthLine:
    """`hint` says what comes of it by itself, and what to do."""

    level: Literal["well", "attention", "trouble"]
    text: str
    hint: str = ""


def lines() -> list[HealthLine]:
    """What is the matter; when nothing is, one line that says so."""
    return [line for source in SOURCES for line in source()] or [_well()]


def _well() -> HealthLine:
    now = formats.time_format(timezone.localtime(), "TIME_FORMAT")
    # A public surface on another machine has a spool of its own.
    return HealthLine("well", _("As of %(time)s, mail, worker and this machine’s spool are well.") % {"time": now})


def spool_lines() -> list[HealthLine]:
    found = []
    if number := len(spool.broken()):
        text = ngettext(
            "%(count)d enquiry in the spool cannot be read.", "%(count)d enquiries in the spool cannot be read.", number
        )
        hint = _(
            "Whoever runs the server finds it in the folder “spool” and must keep it: somebody was promised an answer."
        )
        found.append(HealthLine("trouble", text % {"count": number}, hint))
    if number := len(spool.files()):
        text = ngettext(
            "%(count)d enquiry waits in the spool and is not in the list yet.",
            "%(count)d enquiries wait in the spool and are not in the list yet.",
            number,
        )
        hint = _("The database was away when it was sent. The worker stores it by itself, mostly within seconds.")
        found.append(HealthLine("attention", text % {"count": number}, hint))
    return found


def key_lines() -> list[HealthLine]:
    state = health.staff_key()
    if state == "missing":
        text = _("The staff key is not here, so names and messages cannot be opened.")
    elif state == "wrong":
        text = _("The staff key here is not the one that enquiries are sealed to, so new ones cannot be opened.")
    else:
        return []
    hint = _(
        "Enquiries are kept all the same. Tell whoever runs the server: the settings are ENQUIRY_STAFF_KEY and "
        "ENQUIRY_STAFF_PUBLIC_KEY."
    )
    return [HealthLine("trouble", text, hint)]


def mail_lines() -> list[HealthLine]:
    trouble = mail.trouble()
    if trouble is None or not trouble.is_lasting:
        return []
    text = ngettext(
        "E-mail does not go out. Since %(since)s, %(count)d message has been waiting.",
        "E-mail does not go out. Since %(since)s, %(count)d messages have been waiting.",
        trouble.owed,
    ) % {"count": trouble.owed, "since": _moment(trouble.since)}
    hint = _(
        "Until it does, look at the list of enquiries yourself: nothing in it depends on e-mail. It is all sent once "
        "mail works again; what is for an address that is gone can be deleted in “Owed e-mails”. For "
        "whoever runs the server: %(problem)s, %(attempts)d times in a row."
    )
    return [HealthLine("trouble", text, hint % {"problem": trouble.problem, "attempts": trouble.attempts})]


def worker_lines() -> list[HealthLine]:
    seen_at = housekeeping.seen_at()
    if seen_at and seen_at > timezone.now() - housekeeping.GONE_AFTER:
        return []
    if seen_at:
        text = _("The worker was last seen on %(time)s and is not at work.") % {"time": _moment(seen_at)}
    else:
        text = _("No worker has been seen yet.")
    hint = _("Without it no e-mail goes out and nothing waiting is stored. Tell whoever runs the server.")
    return [HealthLine("trouble", text, hint)]


def queue_lines() -> list[HealthLine]:
    queue = housekeeping.queue()
    found = []
    if number := queue.orphaned + queue.late:
        text = ngettext(
            "%(count)d task of the worker was not finished in time.",
            "%(count)d tasks of the worker were not finished in time.",
            number,
        )
        hint = _("It is begun again by itself once a worker runs.")
        found.append(HealthLine("attention", text % {"count": number}, hint))
    if number := queue.failed:
        text = ngettext(
            "%(count)d task of the worker failed in the last three days.",
            "%(count)d tasks of the worker failed in the last three days.",
            number,
        )
        hint = _("An e-mail may be missing. Whoever runs the server finds the reason in the worker’s log.")
        found.append(HealthLine("attention", text % {"count": number}, hint))
    return found


def self_test_lines() -> list[HealthLine]:
    result = SelfTestResult.latest()
    if result is None or (result.is_well and not result.is_too_old):
        return []
    if result.is_well:
        text = _("The site last tested itself on %(time)s, more than a day ago.") % {"time": _moment(result.at)}
        hint = _("Its worker does so once a day. “Self-tests” has a button for now.")
        return [HealthLine("attention", text, hint)]
    text = _("When the site tested itself on %(time)s, one step failed: %(step)s.")
    text %= {"time": _moment(result.at), "step": result.get_failed_step_display()}
    hint = _("%(sentence)s Once that is mended, “Self-tests” has a button to try again.") % {
        "sentence": result.sentence
    }
    return [HealthLine("trouble", text, hint)]


SOURCES: tuple[Callable[[], list[HealthLine]], ...] = (
    spool_lines,
    key_lines,
    mail_lines,
    worker_lines,
    queue_lines,
    self_test_lines,
)


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
