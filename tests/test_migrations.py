"""The squashed migrations make what the old ones make, and a desk that runs goes on."""

from collections.abc import Iterator, Sequence

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.databases import empty_database

# A desk of an earlier release: in the middle of those that are squashed.
EARLIER = [
    ("accounts", "0003_user_kana"),
    ("audit", "0002_append_only"),
    ("customers", "0006_claim_search"),
    ("conversations", "0026_stated_identities"),
]
SQUASHED = ("accounts", "audit", "customers", "conversations")

# Each makes lines of text; the order of columns is the one thing that may differ.
SCHEMA = {
    "columns": """
        select table_name, column_name, data_type, udt_name, character_maximum_length,
               is_nullable, column_default, is_identity, identity_generation,
               is_generated, generation_expression, collation_name
        from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace""",
    "indexes": "select indexdef from pg_indexes where schemaname = 'public'",
    "triggers": "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "functions": """
        select pg_get_functiondef(p.oid) from pg_proc p
        where pronamespace = 'public'::regnamespace and not exists (
            select from pg_depend where objid = p.oid and deptype = 'e')""",
    "policies": "select tablename, policyname, cmd, qual, with_check from pg_policies",
    "guarded": "select relname from pg_class where relrowsecurity",
}


def schema() -> dict[str, set[tuple[object, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for what, query in SCHEMA.items():
            cursor.execute(query)
            found[what] = set(cursor.fetchall())
    return found


def waiting_migrations() -> Sequence[object]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate_as_before(*targets: tuple[str, str]) -> None:
    """By the files that were there before any was squashed."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(list(targets))


def forget_squashed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where name like '%_squashed_%'")


@pytest.fixture
def unblocked(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_an_earlier_desk_comes_to_the_schema_of_a_new_one(unblocked):
    assert waiting_migrations() == []
    new = schema()  # of the tests' own
    with empty_database("earlier"):
        migrate_as_before(*EARLIER)
        forget_squashed()
        call_command("migrate", verbosity=0, interactive=False)
        assert waiting_migrations() == []
        # One that was at the last of the old ones before they were squashed.
        forget_squashed()
        assert waiting_migrations() == []
        earlier = schema()
    for what in SCHEMA:
        assert new[what] == earlier[what], what
    assert len(new["columns"]) > 300
    assert new["triggers"]


def test_each_app_of_ours_is_one_migration_for_a_new_desk():
    loader = MigrationLoader(None)
    for app in SQUASHED:
        nodes = [name for owner, name in loader.graph.nodes if owner == app]
        assert len([name for name in nodes if "_squashed_" in name]) == 1
        assert not [name for name in nodes if name.startswith("0001_initial")]
