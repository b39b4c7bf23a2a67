"""Rows that are written once and never change: versions, publications, reviews, events, read records.

The model refuses, its querysets refuse, and database triggers refuse whoever goes round both. The triggers are put in
place after every migrate rather than by a migration: SQLite rebuilds a table to alter it and loses its triggers.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% can only be added to', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql
"""


class Immutable(Exception):
    """Something that may only be added was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise Immutable(f"{self.model._meta.verbose_name_plural} cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(f"{self.model._meta.verbose_name_plural} cannot be deleted.")


class AppendOnly(models.Model):
    """Refuses change and deletion with `Immutable`, by instance and by queryset; the database does so too."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{self._meta.verbose_name} {self.pk} cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Immutable(f"{self._meta.verbose_name} {self.pk} cannot be deleted.")


def guarded_models() -> list[type[AppendOnly]]:
    models_ = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return sorted(models_, key=lambda model: model._meta.db_table)


def install_triggers(using: str = "default", **kwargs: Any) -> None:
    """Guard every append-only table that exists; run again, it changes nothing. A receiver of post_migrate."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for model in guarded_models():
            if model._meta.db_table in existing:
                for statement in _statements(connection.vendor, model):
                    cursor.execute(statement)


def remove_triggers(using: str = "default") -> None:
    """For tests that empty their database; nothing of the product calls it."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in guarded_models()):
            if table not in existing:
                continue
            on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            for event in ("update", "delete", "truncate", "insert"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{on_table}')


def _statements(vendor: str, model: type[AppendOnly]) -> list[str]:
    table = model._meta.db_table
    if vendor == "postgresql":
        return [
            f'CREATE OR REPLACE TRIGGER "{table}_no_{event}" BEFORE {event.upper()} ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for event in ("update", "delete", "truncate")
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} can only be added to'); END"
    # REPLACE removes the row that is in its way without the delete trigger being asked.
    in_the_way = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")" for columns in _keys(model)
    )
    taken = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {in_the_way})'  # noqa: S608 -- our own names
    return [
        f'CREATE TRIGGER IF NOT EXISTS "{table}_no_update" BEFORE UPDATE ON "{table}" {refuse}',
        f'CREATE TRIGGER IF NOT EXISTS "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}',
        f'CREATE TRIGGER IF NOT EXISTS "{table}_no_insert" BEFORE INSERT ON "{table}" {taken} {refuse}',
    ]


def _keys(model: type[AppendOnly]) -> list[list[str]]:
    """The columns of each key that two rows cannot share."""
    alone = [[field.column] for field in model._meta.concrete_fields if field.unique]
    together = [constraint.fields for constraint in model._meta.total_unique_constraints]
    return alone + [[model._meta.get_field(name).column for name in names] for names in together]
