"""PostgreSQL's full-text search over stems that `words` has made: the configuration is 'simple', and no extension is
needed, which a managed database might not allow. Imported by `engine` alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VECTOR = " || ".join(
    f"setweight(to_tsvector('pg_catalog.simple'::regconfig, {column}), '{weight}')"
    for column, weight in (("title", "A"), ("summary", "B"), ("headings", "C"), ("body", "D"))
)
# Of D, C, B, A. ts_rank gives a word at most 1.65 times its best place's weight, so a better place always wins.
WEIGHTS = "{0.05, 0.15, 0.4, 1.0}"

HAS_COLUMN = (
    "SELECT 1 FROM pg_attribute WHERE attrelid = 'content_searchentry'::regclass AND attname = 'vector'"
    " AND NOT attisdropped"
)
INSTALL = (
    f"ALTER TABLE content_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX content_searchentry_vector ON content_searchentry USING gin (vector)",
)
KNOWN = """
SELECT stem, count(*) FROM unnest(%s::text[]) AS stem
JOIN content_searchentry ON version_id = ANY(%s) AND vector @@ quote_literal(stem)::tsquery GROUP BY stem
"""
MATCHES = """
SELECT version_id, ts_rank(%s::real[], vector, %s::tsquery) FROM content_searchentry
WHERE version_id = ANY(%s) AND vector @@ %s::tsquery
"""


def install(cursor: Any) -> None:
    cursor.execute(HAS_COLUMN)
    if cursor.fetchone() is None:
        for statement in INSTALL:
            cursor.execute(statement)


def known(cursor: Any, stems: Sequence[str], versions: Sequence[int]) -> dict[str, int]:
    cursor.execute(KNOWN, [stems, versions])
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
    any_of = " | ".join(parts)
    # Ranked by any of the words in either case: how near they stand to each other says less than where they stand.
    cursor.execute(MATCHES, [WEIGHTS, any_of, versions, " & ".join(parts) if every else any_of])
    return dict(cursor.fetchall())


def _any_of(group: Sequence[str], titles: Sequence[str]) -> str:
    return "(" + " | ".join([f"'{stem}'" for stem in group] + [f"'{stem}':A" for stem in titles]) + ")"
