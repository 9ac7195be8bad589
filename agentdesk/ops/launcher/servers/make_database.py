"""Waits for the private PostgreSQL and makes our database in it; then it ends.

usage: python -m agentdesk.ops.launcher.servers.make_database SOCKETS NAME EXTENSION…

A process of its own: the driver is needed for a moment, and `up` runs for months.
"""

import sys
import time

import psycopg

_PAUSE_SECONDS = 0.05


def connect(sockets: str, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=sockets,
        user="postgres",
        dbname=database,
        autocommit=True,
        connect_timeout=10,
    )


def _wait(sockets: str) -> psycopg.Connection:
    """For as long as nobody ends us: recovery of a long write-ahead log takes minutes."""
    while True:
        try:
            return connect(sockets, "postgres")
        except psycopg.OperationalError:
            time.sleep(_PAUSE_SECONDS)


def _make(sockets: str, name: str, *extensions: str) -> None:
    """The role and the database, and the extensions for those of tests too."""
    with _wait(sockets) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, [name]).fetchone():
            return
        with connect(sockets, "template1") as template:
            for extension in extensions:
                template.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        if not connection.execute(known, [name]).fetchone():
            connection.execute(f"CREATE ROLE {name} LOGIN CREATEDB")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")


if __name__ == "__main__":
    try:
        _make(*sys.argv[1:])
    except psycopg.Error as error:
        sys.exit(str(error).strip())
