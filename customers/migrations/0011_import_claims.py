"""Addresses that earlier imports took from a file for identities become claims.

Those that a message, a reach or a joining refers to stay: they are in use. In batches, each a
transaction of its own; what was moved already is not there any more.
"""

from django.db import connection, migrations

BATCH = 2000

# Whatever refers to an identity, in any app that is installed.
REFERENCES = """
    select conrelid::regclass::text, quote_ident(attname), 'moving_' || pg_constraint.oid
    from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'customers_identity'::regclass
"""
CANDIDATES = """
    select id from customers_identity as identity
    where id > %(after)s and source = 'orders' and not verified
        and kind in ('phone', 'email') and scope = ''
    order by id limit %(batch)s
"""
MOVE = """
    with gone as (
        delete from customers_identity as identity
        where id = any(%(ids)s) {unused}
        returning account_id, customer_id, kind, value, raw, source, created_at
    )
    insert into customers_claim
        (account_id, customer_id, kind, value, raw, source, state, created_at)
    select account_id, customer_id, kind, value, raw, source, 'open', created_at
    from gone on conflict do nothing
"""


def move_to_claims(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        references = cursor.fetchall()
        if not _next(cursor, 0):
            return
        # Every row that goes is looked for in these tables; messages have no such index.
        concurrently = "" if connection.in_atomic_block else "concurrently"
        for table, column, index in references:
            cursor.execute(f"drop index {concurrently} if exists {index}")
            cursor.execute(f"create index {concurrently} {index} on {table} ({column})")
        _move(cursor, references)
        for _table, _column, index in references:
            cursor.execute(f"drop index {concurrently} if exists {index}")


def _move(cursor, references):
    unused = " ".join(
        f"and not exists (select from {table} where {table}.{column} = identity.id)"
        for table, column, _index in references
    )
    after = 0
    while ids := _next(cursor, after):
        cursor.execute(MOVE.format(unused=unused), {"ids": ids})
        after = ids[-1]


def _next(cursor, after):
    cursor.execute(CANDIDATES, {"after": after, "batch": BATCH})
    return [row[0] for row in cursor.fetchall()]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0010_import_settings"),
    ]

    operations = [
        migrations.RunPython(move_to_claims, migrations.RunPython.noop),
    ]
