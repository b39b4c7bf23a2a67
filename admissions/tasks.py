"""What the worker does after an enquiry is stored. Nothing here opens one."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django_tasks import task

from admissions.models import Enquiry
from admissions.references import spoken
from content.models import SiteSettings

logger = logging.getLogger(__name__)

# The worker may run without the admin's URLs.
ENQUIRY_PATH = "/admin/admissions/enquiry/{pk}/change/"


@task
def notify_staff(enquiry_id: int) -> None:
    """One e-mail with what the desk may know without opening the enquiry, and where to open it."""
    _mail_about(enquiry_id, subject=gettext_lazy("New enquiry {reference}"), template="mail/notify_staff.txt")


@task
def notify_staff_again(enquiry_id: int) -> None:
    """One e-mail that says which enquiry was sent again with changes, and nothing of what is in it."""
    _mail_about(
        enquiry_id,
        subject=gettext_lazy("Enquiry {reference} was sent again with changes"),
        template="mail/notify_staff_again.txt",
    )


def _mail_about(enquiry_id: int, *, subject: Any, template: str) -> None:
    """`subject` is translated text with a place for the reference."""
    enquiry = Enquiry.objects.select_related("level_of_care").get(pk=enquiry_id)
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
        }
        send_mail(
            subject=str(subject).format(reference=reference),
            message=render_to_string(template, context),
            from_email=None,
            recipient_list=[site.notify_email],
        )
