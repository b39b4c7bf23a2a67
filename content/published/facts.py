"""Facts: small tables that staff edit and that any page or form may need whole, such as the levels of care.

Whoever needs some of their rows picks them in Python. So all of it can be read once a moment, before somebody waits for
it, and be written to disk for a start while the database is away (restart.py). An app registers its own when it is
ready; what changes them begins a new moment (triggers.py).
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, Error, models

from content.models import CrisisPhrase, LevelOfCare, LevelText, OfficeHours, SiteSettings, SiteText
from content.published.moment import known

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=models.Model)
Record = dict[str, Any]
# The names of the fields that never go to disk, by model.
_left_out: dict[type[models.Model], frozenset[str]] = {}


def register(model: type[models.Model], *, leave_out: Collection[str] = ()) -> None:
    """All rows of `model` are read at the beginning of each moment, by every process: not for what grows, and for
    nothing about a visitor. `leave_out`: fields that never go to disk; a row that is read from there has their
    defaults."""
    _left_out[model] = frozenset(leave_out)


register(SiteSettings, leave_out=["notify_email"])
register(SiteText)
register(OfficeHours)
register(LevelOfCare)
register(LevelText)
register(CrisisPhrase)


def registered() -> list[type[models.Model]]:
    return list(_left_out)


def rows(model: type[Row]) -> list[Row]:
    """Every row in the order of its model, else of the primary key; one query, and within a moment none. The same for
    everybody: not to be changed."""
    if model not in _left_out:
        raise LookupError(f"{model.__name__} is not registered as facts: nobody would notice its changes.")
    return known(name_of(model), lambda: _read(model))


def rows_or_none(model: type[Row]) -> list[Row] | None:
    """As `rows`; None where nobody knows them, because neither the database nor a copy is there. For what has to be
    said all the same: a form, an error page."""
    try:
        return rows(model)
    except Error:
        logger.error("%s cannot be read: the database is away.", model.__name__)
        return None


def name_of(model: type[models.Model]) -> tuple[str, type[models.Model]]:
    """What a moment knows its rows by."""
    return ("rows", model)


def _read(model: type[Row]) -> list[Row]:
    found = model._default_manager.all()
    return list(found if found.ordered else found.order_by("pk"))


# --- Row ↔ what JSON can say ----------------------------------------------------------------------------------------


def record_of(row: models.Model) -> Record:
    """By column, without what is left out."""
    left_out = _left_out[type(row)]
    fields = row._meta.concrete_fields
    return {field.attname: _plain(getattr(row, field.attname)) for field in fields if field.name not in left_out}


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def row_of(model: type[Row], record: Record) -> Row:
    """As if it had been read from the database. Raises ValueError where another release wrote it with other columns,
    and ValidationError for what cannot be there."""
    fields, left_out = model._meta.concrete_fields, _left_out[model]
    if record.keys() != {field.attname for field in fields if field.name not in left_out}:
        raise ValueError(f"{model.__name__} has other columns.")
    values = [
        field.get_default() if field.name in left_out else field.to_python(record[field.attname]) for field in fields
    ]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)
