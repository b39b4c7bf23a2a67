"""Who has a page open in the editor just now."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils import timezone

from content.models import EditorPresence, Page
from content.models.desk import PRESENCE_SECONDS


def touch(*, page: Page, user: AbstractUser) -> None:
    """`user` has the page open now. Whoever was away for longer than PRESENCE_SECONDS has opened it anew."""
    now = timezone.now()
    presence, is_new = EditorPresence.objects.get_or_create(
        page=page, user=user, defaults={"opened_at": now, "seen_at": now}
    )
    if is_new:
        return
    was_away = presence.seen_at < now - timedelta(seconds=PRESENCE_SECONDS)
    opened_at = now if was_away else presence.opened_at
    EditorPresence.objects.filter(pk=presence.pk).update(seen_at=now, opened_at=opened_at)


def others(*, page: Page, user: AbstractUser) -> QuerySet[EditorPresence]:
    """Everybody else who has the page open, the first first; one query."""
    heard_since = timezone.now() - timedelta(seconds=PRESENCE_SECONDS)
    present = EditorPresence.objects.filter(page=page, seen_at__gte=heard_since)
    return present.exclude(user=user).select_related("user").order_by("opened_at", "pk")


def name_of(user: AbstractUser) -> str:
    return user.get_full_name() or user.get_username()
