"""What the worker does after an enquiry is stored. Nothing here opens one."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from admissions import rates
from admissions.models import Enquiry
from admissions.references import spoken
from content.models import SiteSettings
from iop_site import mail

logger = logging.getLogger(__name__)

# The worker may run without the admin's URLs.
ENQUIRY_PATH = "/admin/admissions/enquiry/{pk}/change/"
SELF_TESTS_PATH = "/admin/admissions/selftestresult/"
SELF_TEST = "mail/self_test.txt"
QUARANTINE_PATH = "/admin/admissions/enquiry/?quarantine=only"


@task
def notify_staff(enquiry_id: int) -> None:
    """One e-mail with what the desk may know without opening the enquiry, and where to open it."""
    kinds = Enquiry.objects.filter(pk=enquiry_id).values_list("is_synthetic", "is_urgent")
    is_synthetic, is_urgent = kinds.first() or (True, False)
    if is_synthetic:
        _mail_about(enquiry_id, subject=gettext_lazy("Self-test {reference}: e-mail arrives"), template=SELF_TEST)
        return
    _mail_about(
        enquiry_id,
        subject=gettext_lazy("URGENT: new enquiry {reference}")
        if is_urgent
        else gettext_lazy("New enquiry {reference}"),
        template="mail/notify_staff.txt",
    )


@task
def notify_staff_again(enquiry_id: int) -> None:
    """One e-mail that says to which enquiry something was added or changed, and nothing of what is in it."""
    is_urgent = Enquiry.objects.filter(pk=enquiry_id, is_urgent=True).exists()
    _mail_about(
        enquiry_id,
        subject=gettext_lazy("URGENT: enquiry {reference} has changed")
        if is_urgent
        else gettext_lazy("Enquiry {reference} has changed"),
        template="mail/notify_staff_again.txt",
    )


@task
def notify_withdrawn(enquiry_id: int) -> None:
    """One e-mail that says which enquiry nobody has to answer any more."""
    _mail_about(
        enquiry_id,
        subject=gettext_lazy("Enquiry {reference} was withdrawn"),
        template="mail/notify_withdrawn.txt",
    )


@task
def remind_of_quarantine() -> None:
    """Daily, and when an enquiry has waited for an hour of the office being open: how many wait for somebody to look
    whether a person wrote them after all; nothing if none do."""
    waiting = Enquiry.objects.real().filter(is_quarantined=True).count()
    site = SiteSettings.load()
    if not waiting or not site.notify_email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"waiting": waiting, "link": settings.STAFF_URL + QUARANTINE_PATH}
        mail.send(
            recipient=site.notify_email,
            subject=gettext("Enquiries wait in quarantine"),
            body=render_to_string("mail/quarantine.txt", context),
        )


def remind_of_quarantine_at(at: datetime | None) -> None:
    """In the caller's transaction. One reminder is of all that wait, so what comes until then needs none of its own.
    None: no hours are known, and the daily one has to do."""
    waiting = DBTaskResult.objects.filter(task_path=remind_of_quarantine.module_path, status=TaskResultStatus.READY)
    if at and not waiting.filter(run_after__lte=at).exists():
        remind_of_quarantine.using(run_after=at).enqueue()


@task
def forget_counts() -> None:
    """Daily: what was counted against abuse on past days."""
    rates.forget(timezone.now())


def _mail_about(enquiry_id: int, *, subject: Any, template: str) -> None:
    """`subject` is translated text with a place for the reference."""
    enquiry = Enquiry.objects.select_related("level_of_care").filter(pk=enquiry_id).first()
    if enquiry is None:
        # The site's own test, which is removed again; no other can be.
        return
    site = SiteSettings.load()
    if not site.notify_email:
        logger.warning(
            "Enquiry %s: no e-mail was sent, because the site settings name nobody to send it to.", enquiry.reference
        )
        return
    with translation.override(settings.LANGUAGE_CODE), timezone.override(site.zone):
        reference = spoken(enquiry.reference)
        context = {
            "enquiry": enquiry,
            "reference": reference,
            "link": settings.STAFF_URL + ENQUIRY_PATH.format(pk=enquiry.pk),
            "self_tests": settings.STAFF_URL + SELF_TESTS_PATH,
        }
        mail.send(
            recipient=site.notify_email,
            subject=str(subject).format(reference=reference),
            body=render_to_string(template, context),
            is_urgent=enquiry.is_urgent and enquiry.status != Enquiry.Status.WITHDRAWN,
        )
