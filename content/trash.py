"""Deleting a page, and bringing it back: nothing is gone before its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.blocks import BLOCK_MODELS, CallToAction
from content.links import SCHEME
from content.models import Page, Publication
from content.publishing import cancel, take_down
from content.richtext import RICH_FIELDS

KEPT_FOR = timedelta(days=30)


class CannotBringBack(Exception):
    """Why, in a sentence."""


@transaction.atomic
def delete(*, page: Page, by: AbstractUser | None) -> None:
    """Take the page down, call off what is scheduled, and put the draft in the trash."""
    stored = Page.objects.select_for_update().get(pk=page.pk)
    if stored.deleted_at is None:
        take_down(page=stored, by=by)
        for publication in Publication.objects.upcoming().filter(page=stored):
            cancel(publication=publication, by=by)
        stored.deleted_at = timezone.now()
        # Whoever has it open in the editor is told of it when they save.
        stored.edit_number += 1
        stored.save(update_fields=["deleted_at", "edit_number"])
    page.deleted_at, page.edit_number = stored.deleted_at, stored.edit_number


@transaction.atomic
def bring_back(*, page: Page) -> None:
    """As a draft that is not live; raises CannotBringBack."""
    stored = Page.objects.select_for_update().get(pk=page.pk)
    if stored.deleted_at is not None:
        if reason := why_not(stored):
            raise CannotBringBack(reason)
        stored.deleted_at = None
        stored.save(update_fields=["deleted_at"])
    page.deleted_at = None


def why_not(page: Page) -> str:
    """'' when a page in the trash can be brought back, else the reason."""
    until = kept_until(page)
    if until and until < timezone.now():
        return _("It was deleted more than 30 days ago. Its versions are still kept.")
    if other := Page.objects.kept().filter(language=page.language, slug=page.slug).first():
        return _("Its address /%(slug)s/ belongs to the page “%(page)s” now. Change that one’s address first.") % {
            "slug": page.slug,
            "page": other,
        }
    others = Page.objects.kept().filter(translation_of__isnull=False, translation_of=page.translation_of_id)
    if other := others.filter(language=page.language).first():
        return _("“%(page)s” has become the translation of the same page. Delete that one first.") % {"page": other}
    return ""


def kept_until(page: Page) -> datetime | None:
    """Until when a page in the trash can be brought back; None for one that is not there."""
    return page.deleted_at + KEPT_FOR if page.deleted_at else None


def pages_linking_to(*pages: Page) -> list[Page]:
    """The other pages whose draft links to one of `pages`, in its text, as a button's target or as a related page; one
    query."""
    links = Q(related_pages__in=pages) | Q(pk__in=CallToAction.objects.filter(target__in=pages).values("parent"))
    for model in BLOCK_MODELS:
        in_text = Q()
        for field in RICH_FIELDS.get(model.type, ()):
            for page in pages:
                in_text |= Q(**{f"{field}__contains": f'"{SCHEME}:{page.uid}'})
        if in_text:
            links |= Q(pk__in=model.objects.filter(in_text).values("parent"))
    others = Page.objects.kept().exclude(pk__in=[page.pk for page in pages])
    return list(others.filter(links).distinct().in_guide_order())
