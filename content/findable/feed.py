"""The Atom feed of what changed (RFC 4287): which page, when, and its change note. No names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from content import history, published
from content.context import pages_for, settings_for
from content.findable.addresses import absolute
from iop_site.security import public_page

LENGTH = 50


class Feed(Atom1Feed):
    """Django's, with summaries that say of themselves that they are plain text."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


@public_page
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    name, language = _readable(settings_for(request).organisation_name), published.language()
    now_at = {page.uid: page.path for page in pages_for(request)}
    atom = Feed(
        title=_("What changed: %(name)s") % {"name": name},
        link=absolute(reverse("content:home")),
        description=None,
        subtitle=_("Each change of a page, when it went live, and what changed."),
        language=language,
        feed_url=absolute(request.path),
        feed_guid=absolute(request.path),
        # RFC 4287, 4.1.1 asks for an author; who wrote a page is not told, so it is the program.
        author_name=name,
    )
    for change in history.read(history.changes_in(language)[:LENGTH]):
        atom.add_item(
            title=_readable(change.title),
            link=absolute(now_at.get(str(change.publication.page.uid), change.path)),
            description=_readable(note_of(change)),
            unique_id=f"urn:uuid:{change.uuid}",
            updateddate=change.live_since,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def note_of(change: history.Change) -> str:
    """What changed, in a sentence; never empty."""
    if change.note:
        return change.note
    if change.is_first:
        return _("Published for the first time.")
    return _("Only typography has changed.") if change.is_minor else _("The text has changed.")


def _readable(text: str) -> str:
    """Without characters that no XML may have."""
    return "".join(character for character in text if character.isprintable())
