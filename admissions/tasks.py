"""What the worker does after an enquiry is stored. Nothing here opens one."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
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
            subject=_("New enquiry {reference}").format(reference=reference),
            message=render_to_string("mail/notify_staff.txt", context),
            from_email=None,
            recipient_list=[site.notify_email],
        )
