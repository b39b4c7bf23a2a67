"""What the worker does for the editors' desk: it reminds reviewers of what is due."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from content import reviewing
from content.models import ReviewReminder, SiteSettings
from iop_site import mail

logger = logging.getLogger(__name__)

# The worker may run without the admin's URLs.
SIGN_PATH = "/admin/content/page/{page}/versions/{version}/sign/"
CALENDAR_PATH = "/admin/content/page/reviews/"


@task
def remind_of_reviews() -> None:
    """Daily: one e-mail to each reviewer about everything that has come near since the last one."""
    recipients: list[int | None] = list(reviewers().values_list("pk", flat=True))
    if not recipients and _address_of_the_site():
        recipients = [None]
    if not recipients:
        # Nothing is noted as sent, so that it goes out once there is somebody to send it to.
        logger.warning("Nobody was reminded of reviews: no reviewer and no site setting has an e-mail address.")
        return
    with transaction.atomic():
        if reminders := [reminder.pk for reminder in reviewing.keep_reminders()]:
            for recipient in recipients:
                mail_review_reminder.enqueue(reminders, recipient)


def reviewers() -> QuerySet[User]:
    """Those who may sign and can be written to. Superusers may do everything, and are not meant by that."""
    may_sign = User.objects.with_perm(
        "content.sign_version", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
    )
    return may_sign.exclude(email="").distinct().order_by("pk")


def _address_of_the_site() -> str:
    site = SiteSettings.load()
    return site.notify_email or site.email


@task
def mail_review_reminder(reminder_ids: list[int], user_id: int | None) -> None:
    """To one reviewer, or to the site's own address for None: titles, dates and links, nothing personal."""
    if user_id is None:
        address = _address_of_the_site()
    else:
        address = reviewers().filter(pk=user_id).values_list("email", flat=True).first()
    if not address:
        # Since it was queued, the person has stopped reviewing, or the site's address was taken away.
        return
    site, on = SiteSettings.load(), reviewing.today()
    reminders = ReviewReminder.objects.filter(pk__in=reminder_ids).select_related("review__version")
    due = [
        {
            "title": reminder.review.version.document["title"],
            "due_on": reminder.review.due_on,
            "is_overdue": reminder.review.due_on < on,
            "link": settings.STAFF_URL
            + SIGN_PATH.format(page=reminder.review.version.page_id, version=reminder.review.version_id),
        }
        for reminder in reminders.order_by("review__due_on", "pk")
    ]
    with translation.override(settings.LANGUAGE_CODE), timezone.override(site.zone):
        context = {"due": due, "calendar_link": settings.STAFF_URL + CALENDAR_PATH}
        mail.send(
            recipient=address,
            subject=_("Clinical review: pages that are due"),
            body=render_to_string("mail/review_reminder.txt", context),
        )
