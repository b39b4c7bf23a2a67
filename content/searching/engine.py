"""The one interface to the two full-text indexes. A module for each has these functions, and takes stems alone:
stems are lower-case letters and digits, so nothing that somebody types is ever part of a query language.

install(): make the index over the table of SearchEntry, unless it is there.
known(stems, versions): stem → how many of `versions` have it, of those that some has.
matches(groups, versions, every, titles): version → score, higher is better, of those `versions` that have a stem of
every group of stems (of any group), weighted title > short answer > heading > text. `titles`: for each group, stems
that do as well, but in a title alone; left out: none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from django.db import connection, connections

from content.models import SearchEntry
from content.searching import postgresql, sqlite

_engines: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}


def install(using: str = "default", **kwargs: Any) -> None:
    """A receiver of post_migrate, and not a migration: SQLite loses triggers whenever it rebuilds a table."""
    if SearchEntry._meta.db_table in connections[using].introspection.table_names():
        with connections[using].cursor() as cursor:
            _engines[connections[using].vendor].install(cursor)


def known(stems: Iterable[str], versions: Iterable[int]) -> dict[str, int]:
    stems, versions = sorted(set(stems)), list(versions)
    if not stems or not versions:
        return {}
    with connection.cursor() as cursor:
        return _engines[connection.vendor].known(cursor, stems, versions)


def matches(
    groups: Sequence[Sequence[str]], versions: Iterable[int], *, every: bool, titles: Sequence[Sequence[str]] = ()
) -> dict[int, float]:
    versions, titles = list(versions), titles or [()] * len(groups)
    if not groups or not versions:
        return {}
    with connection.cursor() as cursor:
        return _engines[connection.vendor].matches(cursor, groups, titles, versions, every=every)
