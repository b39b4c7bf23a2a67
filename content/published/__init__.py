"""What is live now: read from the database for Django's views (pages.py), kept in memory in front of them (layer.py).

Nothing here imports the layer: only iop_site/wsgi.py, which has one, does.
"""

from content.published.facts import register, rows, rows_or_none
from content.published.moment import Moment, known, reading
from content.published.pages import (
    LISTED,
    Address,
    LivePage,
    accepting_levels,
    addresses,
    document_of,
    documents_of,
    guide_of,
    language,
    level_names,
    levels_of_care,
    live,
    live_pages,
    office_hours,
    paths_of,
    render,
    review_of,
    reviews_of,
    site_settings,
    texts,
    uid_last_at,
)

__all__ = [
    "LISTED",
    "Address",
    "LivePage",
    "Moment",
    "accepting_levels",
    "addresses",
    "document_of",
    "documents_of",
    "guide_of",
    "known",
    "language",
    "level_names",
    "levels_of_care",
    "live",
    "live_pages",
    "office_hours",
    "paths_of",
    "reading",
    "register",
    "render",
    "review_of",
    "reviews_of",
    "rows",
    "rows_or_none",
    "site_settings",
    "texts",
    "uid_last_at",
]
