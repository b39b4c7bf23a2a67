"""What a process knows that starts while the database is away, as one file: the facts, the list of live pages, and the
documents of those of which no copy is kept."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from content.documents import upgraded
from content.published import facts, pages
from content.published.moment import Moment

logger = logging.getLogger(__name__)
FILE = "facts.json"
# Another number for another shape of the file; a model with other columns is noticed without it.
FORMAT = 2
TIMES = ("live_since", "changed_at", "ends_at")


def writer() -> Callable[[], bytes]:
    """What makes the file's content, of the moment that is being read; reads whatever is not known yet, and asks
    nothing of the database when it is called."""
    rows = {model._meta.label_lower: facts.rows(model) for model in facts.registered()}
    live, unkept = pages.live(), pages.unkept_documents()

    def content() -> bytes:
        written = {
            "format": FORMAT,
            "rows": {label: [facts.record_of(row) for row in found] for label, found in rows.items()},
            "live": [_record_of(page) for page in live],
            "unkept": unkept,
        }
        return json.dumps(written).encode()

    return content


def moment_from(path: Path) -> Moment | None:
    """A moment that is over already, so that the first look at the database begins another; None, with a line in the
    log, where there is no file or none of this release."""
    try:
        return Moment("", 0.0, knowing=_known(json.loads(path.read_bytes())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        logger.error("There is no copy of the settings and levels of care to go on with (%s).", type(error).__name__)
        return None


def _known(written: dict[str, Any]) -> dict[Any, Any]:
    models = {model._meta.label_lower: model for model in facts.registered()}
    if written["format"] != FORMAT or written["rows"].keys() != models.keys():
        raise ValueError("Another release wrote it.")
    rows = {
        facts.name_of(model): [facts.row_of(model, record) for record in written["rows"][label]]
        for label, model in models.items()
    }
    live = [_page_of(record) for record in written["live"]]
    now = time.time()
    return rows | {
        pages.LIVE: [page for page in live if page.ends_at is None or page.ends_at.timestamp() > now],
        # JSON has no other keys than texts.
        pages.UNKEPT: {int(version): upgraded(document) for version, document in written["unkept"].items()},
    }


def _record_of(page: pages.LivePage) -> dict[str, Any]:
    record = vars(page)
    return record | {name: record[name] and record[name].isoformat() for name in TIMES}


def _page_of(record: dict[str, Any]) -> pages.LivePage:
    """TypeError where another release wrote it with other fields."""
    return pages.LivePage(**record | {name: record[name] and datetime.fromisoformat(record[name]) for name in TIMES})
