"""SQLite's FTS5 over stems that `words` has made, by version, kept equal to the table by triggers. Imported by `engine`
alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

COLUMNS = ("title", "summary", "headings", "body")
# FTS5 counts a word in a column as often as its weight says, and more of them count ever less: only weights that are
# far apart keep a word that is often in the text behind one that is once in the title.
WEIGHTS = "1000000.0, 30000.0, 1000.0, 1.0"

_names = ", ".join(COLUMNS)
_new = ", ".join(f"new.{name}" for name in COLUMNS)
_old = ", ".join(f"old.{name}" for name in COLUMNS)
_add = f"INSERT INTO content_searchtext (rowid, {_names}) VALUES (new.version_id, {_new});"  # noqa: S608 -- constants
_remove = (
    f"INSERT INTO content_searchtext (content_searchtext, rowid, {_names}) VALUES ('delete', old.version_id, {_old});"  # noqa: S608
)
TABLE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS content_searchtext USING fts5({_names},"
    " content='content_searchentry', content_rowid='version_id', tokenize='unicode61 remove_diacritics 2')"
)
TRIGGERS = {
    "content_searchtext_add": f"AFTER INSERT ON content_searchentry BEGIN {_add} END",
    "content_searchtext_remove": f"AFTER DELETE ON content_searchentry BEGIN {_remove} END",
    "content_searchtext_change": f"AFTER UPDATE OF {_names} ON content_searchentry BEGIN {_remove} {_add} END",
}
FILL = "INSERT INTO content_searchtext (content_searchtext) VALUES ('rebuild')"

# "+rowid": else FTS5 would be asked for each of the versions in turn.
KNOWN = """
SELECT value, pages FROM (
    SELECT stem.value AS value, (
        SELECT count(*) FROM content_searchtext
        WHERE content_searchtext MATCH '"' || stem.value || '"' AND +rowid IN (SELECT value FROM json_each(%s))
    ) AS pages
    FROM json_each(%s) stem
) WHERE pages > 0
"""
MATCHES = f"""
SELECT rowid, -bm25(content_searchtext, {WEIGHTS}) FROM content_searchtext
WHERE content_searchtext MATCH %s AND +rowid IN (SELECT value FROM json_each(%s))
"""  # noqa: S608


def install(cursor: Any) -> None:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'content_searchtext_%%'", [])
    if {name for (name,) in cursor.fetchall()} == TRIGGERS.keys():
        return
    cursor.execute(TABLE)
    for name, what in TRIGGERS.items():
        cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
    # Whatever was written while they were not there.
    cursor.execute(FILL)


def known(cursor: Any, stems: Sequence[str], versions: Sequence[int]) -> dict[str, int]:
    cursor.execute(KNOWN, [json.dumps(versions), json.dumps(stems)])
    return dict(cursor.fetchall())


def matches(
    cursor: Any,
    groups: Sequence[Sequence[str]],
    titles: Sequence[Sequence[str]],
    versions: Sequence[int],
    *,
    every: bool,
) -> dict[int, float]:
    parts = [_any_of(group, only) for group, only in zip(groups, titles, strict=True)]
    cursor.execute(MATCHES, [(" AND " if every else " OR ").join(parts), json.dumps(versions)])
    return dict(cursor.fetchall())


def _any_of(group: Sequence[str], titles: Sequence[str]) -> str:
    return "(" + " OR ".join([f'"{stem}"' for stem in group] + [f'title : "{stem}"' for stem in titles]) + ")"
