"""Loading millions of rows: constraints and indexes are taken off and put back after.

All inside the caller's transaction, and only on tables that are empty. What is put back
is checked by PostgreSQL against every row.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from agentdesk.ops.demo.copying import Table

# Foreign keys first: they stand on the unique constraints of other tables.
_CONSTRAINTS = """
select format('alter table %%s drop constraint %%I', conrelid::regclass, conname),
       format('alter table %%s add constraint %%I %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
from pg_constraint
where contype = any(%s) and conrelid <> 0
  and (conrelid = any(%s::regclass[]) or confrelid = any(%s::regclass[]))
order by conrelid::regclass::text, conname
"""
_INDEXES = """
select format('drop index %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
from pg_index where indrelid = any(%s::regclass[])
order by indrelid::regclass::text, indexrelid::regclass::text
"""


@contextmanager
def bare(tables: Sequence[Table], say: Callable[[str], None]) -> Iterator[None]:
    """The tables without indexes, keys and checks, until the block ends."""
    names = [table.name for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set local maintenance_work_mem = '512MB'")
        foreign = _take_off(_CONSTRAINTS, [["f"], names, names])
        keys = _take_off(_CONSTRAINTS, [["p", "u", "c", "x"], names, names])
        indexes = _take_off(_INDEXES, [names])
        yield
        for title, statements in (
            ("keys and checks", keys),
            ("indexes", indexes),
            ("foreign keys", foreign),
        ):
            say(f"Building {title}…")
            for statement in statements:
                cursor.execute(statement)


def _take_off(query: str, parameters: list[list[str]]) -> list[str]:
    """Drop what the query finds; the statements that bring it back."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found = cursor.fetchall()
        for drop, _add in found:
            cursor.execute(drop)
    return [add for _drop, add in found]


def restart_numbers(tables: Sequence[Table]) -> None:
    """New rows take the numbers after ours."""
    with connection.cursor() as cursor:
        for table in tables:
            if table.count and table.model._meta.auto_field:
                cursor.execute(
                    "select setval(pg_get_serial_sequence(%s, %s), %s)",
                    [table.name, "id", table.count],
                )


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("analyze")
