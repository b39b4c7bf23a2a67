"""A comparison in the words of the desk: what each block and field is called, what moved, what may be folded away."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from content.compare import BlockChange, FieldChange, Segment, compare, summary_of
from content.compare.tokens import UID
from content.models import BLOCK_MODELS, Page
from content.models.picture import url_of, widths_of

Document = dict[str, Any]
MODEL_BY_TYPE = {model.type: model for model in BLOCK_MODELS}
# More changed blocks than this are folded where they are not what the page is about.
MOST_UNFOLDED = 4
BEGINNING = 60


@dataclass(frozen=True)
class ShownPicture:
    src: str
    width: int
    height: int


@dataclass(frozen=True)
class ShownField:
    """`old_picture` and `new_picture` are None but for a picture that came, went or was replaced."""

    label: str
    segments: tuple[Segment, ...]
    old_picture: ShownPicture | None = None
    new_picture: ShownPicture | None = None


@dataclass(frozen=True)
class ShownBlock:
    """`what` happened to it, in a word or two, and its `place`; '' where `what` says it."""

    name: str
    what: str
    place: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True)
class Part:
    """Either one block that is different, or the names of those in a row that are not."""

    block: ShownBlock | None = None
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Differences:
    summary: str
    fields: tuple[ShownField, ...]
    parts: tuple[Part, ...]
    has_changes: bool

    @property
    def is_long(self) -> bool:
        return sum(part.block is not None for part in self.parts) > MOST_UNFOLDED


def titles_by_uid(*documents: Document | None) -> dict[str, str]:
    """To call the pages that `documents` point to by their names; one query."""
    # Those of blocks are among them, and are no page's.
    named = set(UID.findall(str(documents)))
    return {str(uid): title for uid, title in Page.objects.filter(uid__in=named).values_list("uid", "title")}


def differences_between(old: Document | None, new: Document) -> Differences:
    comparison = compare(old, new, titles=titles_by_uid(old, new))
    return Differences(
        summary=summary_of(comparison),
        fields=tuple(_field(change, Page) for change in comparison.fields),
        parts=tuple(_parts(comparison.blocks, old or {}, new)),
        has_changes=comparison.has_changes,
    )


def _parts(changes: tuple[BlockChange, ...], old: Document, new: Document) -> Iterator[Part]:
    for is_same, run in itertools.groupby(changes, key=lambda one: one.change == "unchanged" and not one.is_moved):
        if is_same:
            yield Part(unchanged=tuple(_name(change, old, new) for change in run))
        else:
            yield from (Part(block=_block(change, old, new)) for change in run)


def _block(change: BlockChange, old: Document, new: Document) -> ShownBlock:
    model = MODEL_BY_TYPE.get(change.type)
    fields = tuple(_field(field, model) for field in change.fields)
    what, place = _what(change)
    return ShownBlock(name=_name(change, old, new), what=what, place=place, fields=fields)


def _what(change: BlockChange) -> tuple[str, str]:
    """What happened to it, and its place, or where it was: places count from 1."""
    places = {"old": change.old_number, "new": change.new_number}
    moved = _("moved from place %(old)s to place %(new)s") % places if change.is_moved else ""
    if change.change == "added":
        return _("Added"), _("at place %(new)s") % places
    if change.change == "removed":
        return _("Removed"), _("was at place %(old)s") % places
    if change.change == "changed":
        return _("Changed"), moved or _("at place %(new)s") % places
    return capfirst(moved), ""


def _name(change: BlockChange, old: Document, new: Document) -> str:
    """Such as: Text “What happens on the first day…”."""
    document, number = (new, change.new_number) if change.new_number else (old, change.old_number or 1)
    model, beginning = MODEL_BY_TYPE.get(change.type), _beginning(document["blocks"][number - 1])
    kind = capfirst(model._meta.verbose_name) if model else change.type
    return _("%(kind)s “%(beginning)s”") % {"kind": kind, "beginning": beginning} if beginning else str(kind)


def _beginning(block: Document) -> str:
    model = MODEL_BY_TYPE.get(block["type"])
    for name in ("heading", "caption", "alt", *(model.frozen_fields if model else block)):
        text = strip_tags(value.replace("><", "> <")) if isinstance(value := block.get(name), str) else ""
        if text.strip() and name not in {"kind", "ages"}:
            return Truncator(" ".join(text.split())).chars(BEGINNING)
    return ""


def _field(change: FieldChange, model: type[models.Model] | None) -> ShownField:
    field = _model_field(model, change.name)
    label = str(capfirst(field.verbose_name)) if field else change.name
    if change.name == "picture":
        return ShownField(label, change.segments, _picture(change.old), _picture(change.new))
    if choices := dict(getattr(field, "flatchoices", None) or []):
        return ShownField(label, _chosen(change, choices))
    return ShownField(label, change.segments)


def _model_field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field({"related": "related_pages"}.get(name, name)) if model else None
    except FieldDoesNotExist:
        return None


def _chosen(change: FieldChange, choices: dict[str, Any]) -> tuple[Segment, ...]:
    """By the words that editors choose from, not by what is stored for them."""
    old, new = (str(choices.get(value, value or "")) for value in (change.old, change.new))
    return tuple(segment for segment in (Segment("delete", old), Segment("insert", new)) if segment.text)


def _picture(value: Document | None) -> ShownPicture | None:
    if not value:
        return None
    src = url_of(value["digest"], widths_of(value["width"])[0], "webp")
    return ShownPicture(src, value["width"], value["height"])
