"""Tokens of X: each refresh token works once, and one worker alone may use it."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection as database
from django.db import transaction

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.renewal import Renewed
from conversations.adapters.simulation.base import Fault
from conversations.choices import DeliveryState
from conversations.connections.renew_secrets import connected, renew_secrets
from conversations.models import InboxConnection
from conversations.outbound.tasks import deliver
from tests.conversations.providers.x import CUSTOMER, PROVIDER
from tests.conversations.x import fresh, reply, secrets_of, sent, set_secrets, stored

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_at_its_end_is_exchanged_and_the_new_one_kept(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    set_secrets(x_inbox, access_token_until="2020-01-01T00:00:00+00:00")
    assert reply(agent).state == DeliveryState.SENT
    secrets = secrets_of(x_inbox)
    assert secrets["access_token"] in x.access_tokens
    assert secrets["refresh_token"] != PROVIDER.secrets["refresh_token"]
    assert secrets["consumer_secret"] == PROVIDER.secrets["consumer_secret"]
    reply(agent, "もう一つ")
    assert x.exchanges == 1


def test_a_token_that_x_knows_no_more_is_exchanged_and_the_reply_leaves(
    x_inbox, x, agent
):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    x.exchanges = 1  # the token of the set-up is old by now
    assert reply(agent).state == DeliveryState.SENT
    assert x.exchanges == 2


def test_several_workers_exchange_a_token_once(x_inbox, x):
    set_secrets(x_inbox, access_token_until="2020-01-01T00:00:00+00:00")
    row = stored(x_inbox)
    adapters = [connected(row) for _worker in range(4)]

    def check(adapter):
        try:
            return adapter.check().address
        finally:
            database.close()

    with ThreadPoolExecutor(4) as workers:
        assert set(workers.map(check, adapters)) == {"@simulated"}
    assert x.exchanges == 1


def test_a_sign_in_that_is_void_fails_the_reply_and_is_told_to_the_admin(
    x_inbox, x, agent
):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    x.exchanges = 1
    x.refresh_tokens.add(PROVIDER.secrets["refresh_token"])
    failed = reply(agent)
    assert (failed.state, failed.failure) == (DeliveryState.FAILED, "credentials")
    assert InboxConnection.objects.get().trouble == "credentials"
    set_secrets(x_inbox, refresh_token="pasted-anew")
    reply(agent, "改めて")
    assert sent().state == DeliveryState.SENT
    assert InboxConnection.objects.get().trouble == ""


def test_a_check_that_renews_the_token_is_about_the_renewed_one(
    x_inbox, x, admin, client_of
):
    set_secrets(x_inbox, access_token_until="2020-01-01T00:00:00+00:00")
    slug = x_inbox.account.slug
    path = f"/settings/{slug}/inboxes/{x_inbox.pk}/check/"
    assert client_of(admin).post(path).status_code == 200
    assert x.exchanges == 1
    connection = InboxConnection.objects.get()
    assert connection.checked_at is not None
    assert connection.address == "@simulated"


def test_a_fault_of_the_exchange_is_no_doubt_about_the_message(x_inbox, x, agent):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    set_secrets(x_inbox, access_token_until="2020-01-01T00:00:00+00:00")
    x.faults.append(Fault(status=503))
    assert reply(agent).state == DeliveryState.QUEUED
    sweep_of(deliver)()
    assert len(x.messages) == 1


def test_what_an_admin_pastes_meanwhile_is_kept(x_inbox):
    def exchange(before):
        set_secrets(x_inbox, refresh_token="pasted")
        return Renewed({"access_token": "a", "refresh_token": "b"})

    stale = {"refresh_token": PROVIDER.secrets["refresh_token"]}
    assert renew_secrets(x_inbox.pk, exchange, stale=stale)["refresh_token"] == "pasted"
    assert secrets_of(x_inbox)["refresh_token"] == "pasted"


def test_an_exchange_keeps_its_tokens_beside_what_else_is_pasted_meanwhile(x_inbox):
    """Thrown away, they would lock the inbox out: X takes the old one no more."""

    def exchange(before):
        set_secrets(x_inbox, bearer_token="pasted")
        return Renewed({"access_token": "a", "refresh_token": "b"})

    stale = {"refresh_token": PROVIDER.secrets["refresh_token"]}
    renew_secrets(x_inbox.pk, exchange, stale=stale)
    secrets = secrets_of(x_inbox)
    assert (secrets["refresh_token"], secrets["bearer_token"]) == ("b", "pasted")


def test_a_token_that_works_once_outlives_a_connection_that_dies(x_inbox, monkeypatch):
    """The exchange is in no transaction, and what it brought is kept all the same."""
    monkeypatch.setattr("conversations.connections.renew_secrets._PAUSES", (0.0, 0.0))

    def exchange(before):
        assert not database.in_atomic_block
        with database.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (own,) = cursor.fetchone()
        with psycopg.connect(**database.get_connection_params()) as other:
            other.execute("select pg_terminate_backend(%s)", [own])
        return Renewed({"access_token": "a", "refresh_token": "b"})

    stale = {"refresh_token": PROVIDER.secrets["refresh_token"]}
    renew_secrets(x_inbox.pk, exchange, stale=stale)
    assert secrets_of(x_inbox)["refresh_token"] == "b"


def test_a_new_sign_in_counts_at_once_although_the_old_token_still_lives(
    x_inbox, x, agent
):
    x.write(fresh(x_inbox), CUSTOMER, "text", "在庫は？")
    set_secrets(x_inbox, access_token_until="2020-01-01T00:00:00+00:00")
    reply(agent)
    set_secrets(x_inbox, refresh_token="of-another-account")
    reply(agent, "もう一つ")
    assert x.exchanges == 2


STALE = {"refresh_token": PROVIDER.secrets["refresh_token"]}
FRESH = Renewed({"access_token": "a", "refresh_token": "b"})


def test_a_token_is_not_spent_inside_a_transaction_that_may_roll_back(x_inbox):
    def exchange(before):
        raise AssertionError("spent")

    with pytest.raises(RuntimeError), transaction.atomic():
        renew_secrets(x_inbox.pk, exchange, stale=STALE)


def test_no_transaction_is_open_while_the_provider_is_asked(x_inbox):
    def exchange(before):
        assert not database.in_atomic_block
        return FRESH

    assert renew_secrets(x_inbox.pk, exchange, stale=STALE)["refresh_token"] == "b"


def test_what_the_provider_has_given_outlives_a_lost_connection(x_inbox):
    def exchange(before):
        with psycopg.connect(**_parameters(), autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(%s)",
                [database.connection.info.backend_pid],
            )
        return FRESH

    renew_secrets(x_inbox.pk, exchange, stale=STALE)
    assert secrets_of(x_inbox)["refresh_token"] == "b"


def _parameters() -> dict[str, str]:
    given = database.get_connection_params()
    return {name: given[name] for name in ("host", "user", "dbname")}
