"""Two roles of the database: the owner migrates, the other one runs the desk.

The role that runs the desk owns no table. It reads and writes rows and nothing else: it
cannot change or drop a table, switch the guard of the audit log off, or change an entry
of it, whatever an attacker makes it say.
"""

from django.db import connection, transaction
from psycopg import sql

_OWN_TABLES = "select tablename from pg_tables where schemaname = current_schema()"
# Written to by the owner alone, and by nobody after that.
_READ_ONLY = {"django_migrations"}
_APPEND_ONLY = {"audit_auditentry"}


@transaction.atomic
def make_role(name: str, password: str) -> bool:
    """A role that may sign in, or its new password; True where it is new."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [name])
        is_new = cursor.fetchone() is None
        verb = sql.SQL("create role" if is_new else "alter role")
        # Not even the text of it: PostgreSQL logs statements that fail.
        statement = sql.SQL("{} {} with login password {}").format(
            verb, sql.Identifier(name), sql.Literal(password)
        )
        cursor.execute(statement.as_string(cursor.connection))
    return is_new


@transaction.atomic
def grant_access(name: str) -> None:
    """Give the role what the desk needs of every table, and take everything else."""
    role = sql.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute(_OWN_TABLES)
        tables = {table for (table,) in cursor.fetchall()}
        cursor.execute("select current_schema(), current_database()")
        schema, database = map(sql.Identifier, cursor.fetchone())
        for text in (
            "grant connect, temporary on database {database} to {role}",
            "grant usage on schema {schema} to {role}",
            "revoke create on schema {schema} from {role}",
            "revoke all on all tables in schema {schema} from {role}",
            "grant usage on all sequences in schema {schema} to {role}",
        ):
            statement = sql.SQL(text)
            whole = statement.format(role=role, schema=schema, database=database)
            cursor.execute(whole.as_string(cursor.connection))
        for table in sorted(tables):
            rights = sql.SQL(_rights(table))
            whole = sql.SQL("grant {} on table {} to {}").format(
                rights, sql.Identifier(table), role
            )
            cursor.execute(whole.as_string(cursor.connection))


def _rights(table: str) -> str:
    if table in _READ_ONLY:
        return "select"
    if table in _APPEND_ONLY:
        return "select, insert"
    return "select, insert, update, delete"
