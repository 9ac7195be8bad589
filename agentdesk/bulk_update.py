"""Writing many new or changed rows at once."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Field

from agentdesk.round_trip import Statement, execute_together


@transaction.atomic(savepoint=False)
def save_all(rows: Sequence[models.Model], fields: tuple[str, ...]) -> None:
    """`save(update_fields=fields)` of every row, in one statement.

    Where `bulk_update` builds an expression for every value, this sends arrays, in a
    statement that is the same for every number of rows, so that it is planned once. Like
    both, it knows nothing of what others have written meanwhile: lock the rows.
    """
    if rows:
        execute_together([update_statement(rows, fields)])


def update_statement(
    rows: Sequence[models.Model], fields: tuple[str, ...]
) -> Statement:
    """The statement of `save_all`, for a round trip with others; there is a row at least."""
    columns = _columns(type(rows[0]), fields)
    values = [
        [_text(one, getattr(row, one.attname)) for row in rows] for one in columns
    ]
    text = _statement(type(rows[0]), fields)
    return text, [[row.pk for row in rows], *values]


def insert_statement(rows: Sequence[models.Model]) -> Statement:
    """New rows of one model whose keys are known (`next_keys`); there is one at least."""
    columns = _stored_columns(type(rows[0]))
    content = [
        {one.column: _json(one, one.pre_save(row, add=True)) for one in columns}
        for row in rows
    ]
    text = json.dumps(content, default=str, ensure_ascii=False)
    return _insertion(type(rows[0])), [text]


def next_keys(model: type[models.Model], number: int) -> Statement:
    """Asks for so many keys of rows that are still to be made."""
    text = "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)"
    return text, [model._meta.db_table, model._meta.pk.column, number]


@lru_cache(maxsize=16)
def _stored_columns(model: type[models.Model]) -> "list[Field[Any, Any]]":
    return [one for one in model._meta.concrete_fields if not one.generated]


@lru_cache(maxsize=16)
def _insertion(model: type[models.Model]) -> str:
    """One document holds all of it, which costs less than an array for each column."""
    columns = _stored_columns(model)
    names = ", ".join(_quoted(one.column) for one in columns)
    types = ", ".join(f"{_quoted(one.column)} {_stored_type(one)}" for one in columns)
    return (
        f"insert into {_quoted(model._meta.db_table)} ({names}) "  # noqa: S608  # names of our own
        f"select {names} from json_to_recordset(%s::json) as new ({types})"
    )


def _stored_type(field: "Field[Any, Any]") -> str:
    return str(
        field.rel_db_type(connection)
        if field.primary_key
        else field.db_type(connection)
    )


def _json(field: "Field[Any, Any]", value: Any) -> Any:
    """JSON of a field with an encoder of its own is written by that."""
    if isinstance(field, models.JSONField) and field.encoder is not None:
        return json.loads(json.dumps(value, cls=field.encoder))
    return value


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    """Values come as texts: a column may hold what has no array of its own, as JSON."""
    columns = _columns(model, fields)
    names = [_quoted(one.column) for one in columns]
    sets = ", ".join(
        f"{name} = changed.{name}::{one.db_type(connection)}"
        for name, one in zip(names, columns, strict=True)
    )
    arrays = ", ".join("%s::text[]" for _name in names)
    return (
        f"update {_quoted(model._meta.db_table)} as stored set {sets} "  # noqa: S608  # names of our own
        f"from unnest(%s::bigint[], {arrays}) as changed (changed_pk, {', '.join(names)}) "
        f"where stored.{_quoted(model._meta.pk.column)} = changed.changed_pk"
    )


def _columns(
    model: type[models.Model], fields: tuple[str, ...]
) -> "list[Field[Any, Any]]":
    known = {field.name: field for field in model._meta.concrete_fields}
    return [known[name] for name in fields]


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(name or ""))


def _text(field: "Field[Any, Any]", value: Any) -> str | None:
    if isinstance(field, models.JSONField):
        return json.dumps(value, cls=field.encoder, ensure_ascii=False)
    return None if value is None else str(value)
