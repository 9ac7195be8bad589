"""Rows on their way into the database by COPY, many tables side by side.

Rows are tab-joined text (`\\N` is null). A column of a model that a generator does not
name gets the field's default, so that a new field does not break the demo.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from queue import Queue
from threading import Thread
from typing import Any, Self

import psycopg
from django.db import models

NULL = "\\N"
_FLUSH_ROWS = 60_000


def escape(text: str) -> str:
    return (
        text.replace("\\", "\\\\")
        .replace("\t", " ")
        .replace("\r", "")
        .replace("\n", "\\n")
    )


def as_json(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False))


class Table:
    """One table: the columns its generator fills, then the defaults of all others.

    `filled` names the former in their order, with spaces between them.
    """

    def __init__(self, model: type[models.Model], filled: str) -> None:
        columns = filled.split()
        self.model = model
        self.name = model._meta.db_table
        self.rows: list[str] = []
        self.count = 0
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in columns and not field.generated
        ]
        names = ", ".join(f'"{name}"' for name in [*columns, *_columns(others)])
        self.statement = f'copy "{self.name}" ({names}) from stdin'
        self._end = "".join("\t" + _default(field) for field in others) + "\n"

    def take(self) -> bytes:
        """All rows gathered so far, which are then forgotten here."""
        self.count += len(self.rows)
        block = self._end.join(self.rows) + self._end
        self.rows.clear()
        return block.encode()


def _columns(fields: Sequence[models.Field[Any, Any]]) -> list[str]:
    return [str(field.column) for field in fields]


def _default(field: models.Field[Any, Any]) -> str:
    value = field.get_default()
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        return as_json(value) if isinstance(field, models.JSONField) else "{}"
    return escape(str(value))


class Loader:
    """Writes the tables' blocks in a thread of its own, while the next ones are made."""

    def __init__(
        self, connection: psycopg.Connection[Any], tables: Sequence[Table]
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._blocks: Queue[list[tuple[str, bytes]] | None] = Queue(maxsize=2)
        self._failure: Exception | None = None
        self._thread = Thread(target=self._write, daemon=True)
        self._thread.start()

    def flush_when_full(self) -> None:
        if sum(len(table.rows) for table in self._tables) >= _FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Hand over what was gathered. Raises what the database refused before."""
        self._raise()
        blocks = [
            (table.statement, table.take()) for table in self._tables if table.rows
        ]
        self._blocks.put(blocks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Wait until everything is in the database. Raises what it refused."""
        if kind is None:
            self.flush()
        self._blocks.put(None)
        self._thread.join()
        if kind is None:
            self._raise()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _write(self) -> None:
        while (blocks := self._blocks.get()) is not None:
            if self._failure is not None:
                continue
            try:
                for statement, block in blocks:
                    cursor = self._connection.cursor()
                    with cursor, cursor.copy(statement) as copy:
                        copy.write(block)
            except psycopg.Error as error:
                self._failure = error
