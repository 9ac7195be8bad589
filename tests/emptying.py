"""Empties the database after a test that commits.

Django truncates every table, rows or none, and has every app make its content types
and permissions again: 0.12 s of CPU, more than most of our tests take themselves.
"""

from functools import cache

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg.errors import LockNotAvailable

from tests.waiting import until

# Made by the migrations, the same for every test.
_LASTING = {"django_content_type", "auth_permission"}
# Its rows are guarded one by one, so it is truncated; nothing refers to it.
_GUARDED = "audit_auditentry"


def empty_tables(_test: TransactionTestCase) -> None:
    """Stands in for `TransactionTestCase._fixture_teardown`.

    All tables are locked at once or none: who still writes is waited for without
    holding what they want next.
    """
    until(_is_emptied, 30, lambda: "somebody goes on writing after the test")


def _is_emptied() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_statements())
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


@cache
def _statements() -> str:
    tables = sorted(set(connection.introspection.django_table_names()) - _LASTING)
    return "\n".join(
        (
            f"lock table {', '.join(tables)} in exclusive mode nowait;",
            *(f"delete from {table};" for table in tables if table != _GUARDED),  # noqa: S608 (our own tables)
            f"truncate {_GUARDED};",
        )
    )
