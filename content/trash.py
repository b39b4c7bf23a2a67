"""Deleting a page, and bringing it back: nothing is gone before its time."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.links import uids_in
from content.models import Page, Publication
from content.publishing import blocks_of, cancel, take_down
from content.richtext import RICH_FIELDS

KEPT_FOR = timedelta(days=30)


class CannotBringBack(Exception):
    """Why, in a sentence."""


@transaction.atomic
def delete(*, page: Page, by: AbstractUser | None) -> None:
    """Take the page down, call off what is scheduled, and put the draft in the trash."""
    take_down(page=page, by=by)
    for publication in Publication.objects.upcoming().filter(page=page):
        cancel(publication=publication, by=by)
    page.deleted_at = timezone.now()
    page.save(update_fields=["deleted_at"])


@transaction.atomic
def bring_back(*, page: Page) -> None:
    """As a draft that is not live; raises CannotBringBack."""
    if page.deleted_at is None:
        return
    if page.deleted_at + KEPT_FOR < timezone.now():
        raise CannotBringBack(_("It was deleted more than 30 days ago. Its versions are still kept."))
    if Page.objects.kept().filter(language=page.language, slug=page.slug).exists():
        raise CannotBringBack(
            _("Its address /%(slug)s/ is used by another page now. Change that one’s address first.")
            % {"slug": page.slug}
        )
    page.deleted_at = None
    page.save(update_fields=["deleted_at"])


def pages_linking_to(page: Page) -> list[Page]:
    """The pages whose draft links to `page`: in its text, as a button's target, or as a related page."""
    others = Page.objects.kept().exclude(pk=page.pk).in_guide_order()
    return [other for other in others if _links(other, page)]


def _links(other: Page, page: Page) -> bool:
    uid = str(page.uid)
    if other.related_pages.filter(pk=page.pk).exists():
        return True
    for block in blocks_of(other):
        if getattr(block, "target_id", None) == page.pk:
            return True
        if any(uid in uids_in(getattr(block, name)) for name in RICH_FIELDS.get(block.type, ())):
            return True
    return False
