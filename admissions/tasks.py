"""What the worker does after an enquiry is stored. Nothing here opens one."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
from django_tasks import task

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
    _mail_about(
        enquiry_id,
        subject=gettext_lazy("Enquiry {reference} has changed"),
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
    """Daily: how many enquiries wait for somebody to look whether a person wrote them after all; nothing if none do."""
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
        )
