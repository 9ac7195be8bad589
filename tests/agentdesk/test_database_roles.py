"""The desk runs as a role that owns nothing, for real: on PostgreSQL."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from agentdesk.accounts.models import Session
from agentdesk.audit.models import AuditEntry
from agentdesk.celery import app
from tests.customers.conftest import store as store
from tests.customers.conftest import write as write
from tests.customers.order_files import run, text_of
from tests.factories.accounts import PASSWORD
from tests.routes import address_of, plain_routes, values
from tests.rows import one_of_everything

pytestmark = pytest.mark.django_db
ROLE = "agentdesk_app_of_a_test"


@pytest.fixture
def app_role() -> Iterator[None]:
    """From here on the connection is the role's; the tables stay their owner's."""
    given = connection.get_connection_params()
    with psycopg.connect(
        host=given["host"], user="postgres", dbname=given["dbname"], autocommit=True
    ) as superuser:
        superuser.execute(f"drop role if exists {ROLE}")
        superuser.execute(f"create role {ROLE} login")
        superuser.execute(f"grant {ROLE} to {given['user']}")
        call_command("grant_access", ROLE)
        with connection.cursor() as cursor:
            cursor.execute(f"set role {ROLE}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("reset role")
        transaction.set_rollback(True)
        connection.close()
        superuser.execute(f"drop role if exists {ROLE}")


def refused(statement: str) -> str:
    with (
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return str(refusal.value)


def test_the_role_cannot_touch_the_audit_log_or_the_tables(agent, app_role):
    AuditEntry.objects.create(action="user.signed_in", target_type="accounts.user")
    for statement in (
        "update audit_auditentry set action = 'x'",
        "delete from audit_auditentry",
        "truncate audit_auditentry",
        "insert into django_migrations (app, name, applied) values ('a', 'b', now())",
        "create table theirs (id int)",
    ):
        assert "permission denied" in refused(statement), statement
    for statement in (
        "alter table audit_auditentry disable trigger audit_no_change",
        "drop trigger audit_no_change on audit_auditentry",
        "alter table accounts_user add column theirs int",
        "drop table accounts_session",
        "create or replace function audit_is_append_only() returns trigger language "
        "plpgsql as $$ begin return new; end $$",
    ):
        text = refused(statement)
        assert "must be owner" in text or "permission denied" in text, statement


def test_the_desk_works_as_that_role(
    account, admin, webchat, client, client_of, store, write, app_role
):
    rows = one_of_everything(account, admin, webchat)
    data = {"login": admin.user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", data).status_code == 302
    assert Session.objects.filter(user=admin.user).exists()
    browser = client_of(admin)
    for route, name, pattern in plain_routes():
        is_left_out = name in {"account_logout", "readyz"}  # 503 is right: no worker
        if not route.startswith("operator/") and not is_left_out:
            address = address_of(pattern, route, values(rows, route))
            assert browser.get(address).status_code < 500, address
    run(write(text_of({})))
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]].apply(throw=True)
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == (ROLE,)
