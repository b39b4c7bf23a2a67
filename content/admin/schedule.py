"""What goes live when: everything that is to begin or to end, over all pages, and calling it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from content import publishing
from content.admin.desk import desk_path, desk_response, require
from content.models import Publication

MAY_PUBLISH = "content.publish_page"


@dataclass(frozen=True)
class Event:
    """`has_begun`: what ends is live already. `replaces`: the number of the version that is live until a beginning,
    None where none is."""

    at: datetime
    publication: Publication
    is_end: bool
    has_begun: bool
    replaces: int | None = None


def events_to_come() -> list[Event]:
    """Everything that begins or ends after now, soonest first; two queries."""
    now = timezone.now()
    live = Publication.objects.live(now).select_related("version", "page")
    coming = Publication.objects.upcoming(now)
    known = [publication for publications in (live, coming) for publication in publications.defer("version__document")]
    in_order = sorted(known, key=lambda one: (one.page_id, one.starts_at, one.pk))
    events = [event for _page, run in groupby(in_order, key=lambda one: one.page_id) for event in _of_page(run, now)]
    return sorted(events, key=lambda event: (event.at, event.publication.pk, event.is_end))


def _of_page(publications: Iterator[Publication], now: datetime) -> Iterator[Event]:
    """The events of one page, whose publications come in the order in which they begin."""
    run = list(publications)
    for place, publication in enumerate(run):
        has_begun = publication.starts_at <= now
        before, after = run[place - 1] if place else None, run[place + 1] if place + 1 < len(run) else None
        if not has_begun:
            is_live_until_then = before and before.version and not _ends_by(before, publication.starts_at)
            replaces = before.version.number if is_live_until_then else None
            yield Event(publication.starts_at, publication, is_end=False, has_begun=False, replaces=replaces)
        # What is replaced before its end does not end.
        if publication.ends_at and not (after and after.starts_at <= publication.ends_at):
            yield Event(publication.ends_at, publication, is_end=True, has_begun=has_begun)


def _ends_by(publication: Publication, at: datetime) -> bool:
    return publication.ends_at is not None and publication.ends_at <= at


class ScheduleMixin:
    """For PageAdmin."""

    def get_urls(self) -> list[URLPattern]:
        return [
            desk_path(self, "schedule/", self.schedule_view, "schedule"),
            desk_path(self, "schedule/<int:publication_id>/cancel/", self.cancel_view, "cancel"),
            *super().get_urls(),
        ]

    def schedule_view(self, request: HttpRequest) -> HttpResponse:
        require(request, "content.view_page")
        context = {"title": _("What goes live when"), "events": events_to_come()}
        return desk_response(self, request, "schedule", may_publish=request.user.has_perm(MAY_PUBLISH), **context)

    def cancel_view(self, request: HttpRequest, publication_id: int) -> HttpResponse:
        """Calls off what has not begun; keeps live what would end."""
        require(request, MAY_PUBLISH)
        found = Publication.objects.filter(pk=publication_id, cancellation__isnull=True)
        publication = found.select_related("version", "page").first()
        if publication is None:
            raise Http404
        if request.method == "POST":
            self._call_off(request, publication)
            return HttpResponseRedirect(reverse("admin:content_page_schedule"))
        context = {"publication": publication, "page": publication.page, "has_begun": _has_begun(publication)}
        return desk_response(self, request, "cancel", title=_("Call this off?"), **context)

    def _call_off(self, request: HttpRequest, publication: Publication) -> None:
        try:
            if _has_begun(publication):
                publishing.keep_live(publication=publication, by=request.user)
                text = _("The page stays live.")
            else:
                publishing.cancel(publication=publication, by=request.user)
                text = _("Called off. It does not go live.")
        except publishing.PublishingRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return
        self.log_change(request, publication.page, f"Called off what was scheduled for {publication.starts_at:%F %T}.")
        self.message_user(request, text, messages.SUCCESS)


def _has_begun(publication: Publication) -> bool:
    return publication.starts_at <= timezone.now()
