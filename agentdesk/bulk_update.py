"""Writing many changed rows at once."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Field


@transaction.atomic(savepoint=False)
def save_all(rows: Sequence[models.Model], fields: tuple[str, ...]) -> None:
    """`save(update_fields=fields)` of every row, in one statement.

    Where `bulk_update` builds an expression for every value, this sends arrays, in a
    statement that is the same for every number of rows, so that it is planned once. Like
    both, it knows nothing of what others have written meanwhile: lock the rows.
    """
    if not rows:
        return
    columns = _columns(type(rows[0]), fields)
    values = [
        [_text(one, getattr(row, one.attname)) for row in rows] for one in columns
    ]
    with connection.cursor() as cursor:
        statement = _statement(type(rows[0]), fields)
        cursor.execute(statement, [[row.pk for row in rows], *values])


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
