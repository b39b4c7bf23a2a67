"""Frozen documents of every age: each shape there ever was is brought to the present one when it is read."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

Document = dict[str, Any]

# Raised by one whenever the shape of a document changes.
SCHEMA = 2

# schema n → a function that makes a document of schema n one of schema n + 1. Kept for ever, with a document of each
# past schema in tests/content/documents/. Lists of pages read `content.published.LISTED` from documents as they were
# stored: these keys keep their names and their meaning.
UPGRADERS: dict[int, Callable[[Document], Document]] = {
    # Pages became translations of each other, may stand in the menu, and may offer to be left quickly.
    1: lambda document: (
        document | {"schema": 2, "translation_of": None, "is_in_menu": False, "can_leave_quickly": False}
    ),
}


class UnknownSchema(ValueError):
    """A document that a later release of this software wrote."""


def upgraded(document: Document) -> Document:
    """`document` in the present shape; the stored one, and so its digest, is left as it is."""
    schema = document["schema"]
    if schema > SCHEMA:
        raise UnknownSchema(
            _("This version was written by a later release of this software. Update the site to open it.")
        )
    if schema == SCHEMA:
        return document
    document = deepcopy(document)
    while document["schema"] < SCHEMA:
        document = UPGRADERS[document["schema"]](document)
    return document
