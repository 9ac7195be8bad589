"""One database with every migration, of which each worker has a copy.

To migrate takes ten seconds of CPU, to copy what is migrated takes none to speak of.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

# One worker at a time makes the migrated database, copies it or drops it.
_LOCK = 5_061_727


@contextmanager
def copy_of_migrated(run: str) -> Iterator[None]:
    """The worker's own database; the workers of one run have the same name for it."""
    given = connection.settings_dict["NAME"]
    own = connection.creation._get_test_db_name()
    migrated = f"{own.partition('_gw')[0]}_migrated_{run[:12]}"
    with _alone() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [migrated])
        if not cursor.fetchone():
            _migrate(cursor, f"{migrated}_soon")
            cursor.execute(f"alter database {migrated}_soon rename to {migrated}")
        _drop(cursor, own)
        cursor.execute(f"create database {own} template {migrated}")
    _connect_to(own)
    yield
    _connect_to(given)
    with _alone() as cursor:
        # A worker that begins only now would make it again.
        _drop(cursor, own)
        _drop(cursor, migrated)


@contextmanager
def _alone() -> Iterator[CursorWrapper]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        yield cursor


def _migrate(cursor: CursorWrapper, name: str) -> None:
    _drop(cursor, name)
    cursor.execute(f"create database {name}")
    _connect_to(name)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as inside:
        # Tests that commit empty the audit log afterwards; its rows stay guarded.
        inside.execute("alter table audit_auditentry disable trigger audit_no_truncate")
    connection.close()


def _drop(cursor: CursorWrapper, name: str) -> None:
    """Also where a server that has just ended has not yet said so to the database."""
    cursor.execute(f"drop database if exists {name} with (force)")


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def empty_database(name: str) -> Iterator[None]:
    """Another one for the time being, with nothing in it."""
    own = connection.settings_dict["NAME"]
    other = f"{own}_{name}"
    with connection._nodb_cursor() as cursor:
        _drop(cursor, other)
        cursor.execute(f"create database {other}")
    _connect_to(other)
    try:
        yield
    finally:
        _connect_to(own)
        with connection._nodb_cursor() as cursor:
            _drop(cursor, other)
