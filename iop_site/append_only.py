"""Rows that are written once and never change: versions, publications, reviews, events, read records.

The model refuses, its querysets refuse, and database triggers refuse whoever goes round both. The triggers are put in
place after every migrate rather than by a migration: SQLite rebuilds a table to alter it and loses its triggers.

A model may name columns that hold sealed text in REWRITABLE: those alone can be sealed anew or erased.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% can only be added to', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql
"""
# The other names of a primary key there, each of which would go round a trigger that names the key alone.
SQLITE_KEYS = ("rowid", "oid", "_rowid_")


class Immutable(Exception):
    """Something that may only be added was about to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        if not set(kwargs) <= set(self.model.REWRITABLE):
            raise Immutable(f"{self.model._meta.verbose_name_plural} cannot be changed.")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable(f"{self.model._meta.verbose_name_plural} cannot be deleted.")


class AppendOnly(models.Model):
    """Refuses change and deletion with `Immutable`, by instance and by queryset; the database does so too."""

    # Names of fields that `update()` may write.
    REWRITABLE: tuple[str, ...] = ()

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
    """Guard every append-only table that exists, in place of what guarded it before. A receiver of post_migrate."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
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
    return _postgresql(model) if vendor == "postgresql" else _sqlite(model)


def _postgresql(model: type[AppendOnly]) -> list[str]:
    table = model._meta.db_table
    events = {"update": _update_of(model), "delete": "DELETE", "truncate": "TRUNCATE"}
    return [
        f'CREATE OR REPLACE TRIGGER "{table}_no_{name}" BEFORE {event} ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for name, event in events.items()
    ]


def _sqlite(model: type[AppendOnly]) -> list[str]:
    table = model._meta.db_table
    # REPLACE removes the row that is in its way without the delete trigger being asked.
    in_the_way = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")" for columns in _keys(model)
    )
    taken = f' WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {in_the_way})'  # noqa: S608 -- our own names
    events = {"update": (_update_of(model, SQLITE_KEYS), ""), "delete": ("DELETE", ""), "insert": ("INSERT", taken)}
    statements = []
    for name, (event, condition) in events.items():
        # SQLite knows no CREATE OR REPLACE, and IF NOT EXISTS would keep what an older release made.
        statements.append(f'DROP TRIGGER IF EXISTS "{table}_no_{name}"')
        statements.append(
            f'CREATE TRIGGER "{table}_no_{name}" BEFORE {event} ON "{table}"{condition}'
            f" BEGIN SELECT RAISE(ABORT, '{table} can only be added to'); END"
        )
    return statements


def _update_of(model: type[AppendOnly], further: tuple[str, ...] = ()) -> str:
    """UPDATE, of `further` columns and all but the rewritable ones where there are such."""
    if not model.REWRITABLE:
        return "UPDATE"
    columns = [field.column for field in model._meta.concrete_fields if field.name not in model.REWRITABLE]
    return "UPDATE OF " + ", ".join(f'"{column}"' for column in (*columns, *further))


def _keys(model: type[AppendOnly]) -> list[list[str]]:
    """The columns of each key that two rows cannot share."""
    alone = [[field.column] for field in model._meta.concrete_fields if field.unique]
    together = [constraint.fields for constraint in model._meta.total_unique_constraints]
    return alone + [[model._meta.get_field(name).column for name in names] for names in together]
