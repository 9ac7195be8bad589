"""Empties the database after a test that commits.

Django truncates every table, rows or none, and has every app make its content types
and permissions again: 0.12 s of CPU, more than most of our tests take themselves.
"""

from functools import cache

from django.db import connection, transaction
from django.test import TransactionTestCase

# Made by the migrations, the same for every test.
_LASTING = {"django_content_type", "auth_permission"}
# Its rows are guarded one by one, so it is truncated; nothing refers to it.
_GUARDED = "audit_auditentry"


def empty_tables(_test: TransactionTestCase) -> None:
    """Stands in for `TransactionTestCase._fixture_teardown`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statements())


@cache
def _statements() -> str:
    """The lock waits for whoever still writes, as a truncation would."""
    tables = sorted(set(connection.introspection.django_table_names()) - _LASTING)
    return "\n".join(
        (
            f"lock table {', '.join(tables)} in exclusive mode;",
            *(f"delete from {table};" for table in tables if table != _GUARDED),  # noqa: S608 (our own tables)
            f"truncate {_GUARDED};",
        )
    )
