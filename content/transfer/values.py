"""One row ↔ one line of JSON. People are named, whatever their primary keys; other rows keep theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import is_naive

from content.transfer.kinds import PEOPLE_FIELDS, Kind, is_person

Record = dict[str, Any]
MOST_KEY = 10**15
MOST_NUMBER = 2**31 - 1
MOST_NAME = 150
# What no database takes as a text: a null character, and half of a pair of code units.
_unwritable = re.compile("[\x00\ud800-\udfff]")


class NotAsItMustBe(ValueError):
    """What is wrong with a record, as the second half of a sentence."""


# --- Row → record ---------------------------------------------------------------------------------------------------


def record_of(kind: Kind, row: models.Model, names: Mapping[int, str]) -> Record:
    """`names`: of all people, by primary key."""
    return {"id": row.pk} | {field.name: _encoded(field, getattr(row, field.attname), names) for field in kind.fields}


def _encoded(field: models.Field, value: Any, names: Mapping[int, str]) -> Any:
    if field.name in PEOPLE_FIELDS:
        # Whoever has no account any more can sign nothing any more.
        return [names[key] for key in value if key in names]
    if is_person(field):
        return None if value is None else names[value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


# --- Record → row ---------------------------------------------------------------------------------------------------


def row_of(kind: Kind, record: Any, key_of: Callable[[str], int]) -> models.Model:
    """The row, unsaved; `key_of` gives a person's primary key by name. Raises NotAsItMustBe."""
    if not isinstance(record, dict):
        raise NotAsItMustBe("is not a record")
    if unknown := record.keys() - {"id", *(field.name for field in kind.fields)}:
        raise NotAsItMustBe(f"has the field “{_shown(min(unknown))}”, which this release does not know")
    _refuse_unwritable(record)
    values = {"pk": _key(record.get("id"), "id")}
    for field in kind.fields:
        if field.name in record:
            values[field.attname] = _decoded(field, record[field.name], key_of)
        elif not (field.has_default() or field.null or (field.blank and field.empty_strings_allowed)):
            raise NotAsItMustBe(f"lacks the field “{field.name}”")
    return kind.model(**values)


def _decoded(field: models.Field, value: Any, key_of: Callable[[str], int]) -> Any:
    if field.name in PEOPLE_FIELDS:
        if not isinstance(value, list):
            raise _wrong(field)
        return [key_of(_name(field, name)) for name in value]
    if value is None:
        if not field.null:
            raise _wrong(field)
        return None
    if is_person(field):
        return key_of(_name(field, value))
    if field.is_relation:
        return _key(value, field.name)
    return _plain(field, value)


def _plain(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BooleanField):
        expected: type = bool
    else:
        expected = int if isinstance(field, models.IntegerField) else str
    if type(value) is not expected:
        raise _wrong(field)
    if expected is int and not 0 <= value <= MOST_NUMBER:
        raise _wrong(field)
    if expected is not str:
        return value
    try:
        result = field.to_python(value)
        if isinstance(result, Decimal):
            field.run_validators(result)
        if isinstance(result, datetime):
            result = None if is_naive(result) else result.astimezone(UTC)
    except (ValidationError, OverflowError, ValueError) as error:
        raise _wrong(field) from error
    is_too_long = isinstance(field, models.CharField) and field.max_length and len(value) > field.max_length
    if result is None or is_too_long:
        raise _wrong(field)
    return result


def _key(value: Any, name: str) -> int:
    if type(value) is not int or not 0 < value < MOST_KEY:
        raise NotAsItMustBe(f"has no sound number as “{name}”")
    return value


def _name(field: models.Field, value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= MOST_NAME:
        raise _wrong(field)
    return value


def _wrong(field: models.Field) -> NotAsItMustBe:
    return NotAsItMustBe(f"has something as “{field.name}” that cannot be there")


def _refuse_unwritable(record: Record) -> None:
    waiting: list[Any] = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and _unwritable.search(value):
            raise NotAsItMustBe("has a character that cannot be stored")


def _shown(text: str) -> str:
    return text[:40].encode("ascii", "replace").decode()
