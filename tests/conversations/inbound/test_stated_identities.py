"""Identities that visitors had merely stated become claims, once, and nothing else does."""

from importlib import import_module

import pytest
from django.apps import apps

from conversations.choices import Channel
from conversations.models import Call
from customers.models import Claim, Identity
from tests.factories.conversations import ConversationFactory, InboxFactory
from tests.factories.customers import CustomerFactory, IdentityFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db
migration = import_module("conversations.migrations.0026_stated_identities")


def stated(account, **fields) -> Identity:
    fields_given = {"kind": "email", "source": "webchat", "verified": False, **fields}
    return IdentityFactory(customer=CustomerFactory(account=account), **fields_given)


def run() -> None:
    migration.claim_what_was_stated(apps, None)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(migration, "_BATCH", 2)


def test_what_was_stated_and_never_used_becomes_a_claim(account, small_batches):
    rows = [stated(account, value=f"h{n}@example.jp") for n in range(5)]
    for _run in range(2):
        run()
        assert not Identity.objects.exists()
        assert {(one.customer, one.value) for one in Claim.objects.all()} == {
            (row.customer, row.value) for row in rows
        }


def test_what_something_came_by_stays(account, queue, small_batches):
    written = stated(account, value="written@example.jp")
    inbox = InboxFactory(account=account, queue=queue, channel=Channel.EMAIL)
    receive_message(
        written.customer,
        inbox=inbox,
        channel=Channel.EMAIL,
        body="届きました",
        identity=written,
    )
    called = stated(account, kind="phone", value="+81312345678")
    conversation = ConversationFactory(customer=called.customer)
    phone = InboxFactory(account=account, queue=queue, channel=Channel.PHONE)
    Call.objects.create(
        account=account,
        inbox=phone,
        conversation=conversation,
        from_number=called.value,
    )
    run()
    assert set(Identity.objects.all()) == {written, called}
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"verified": True},
        {"source": "phone", "kind": "phone"},
        {"source": "desk"},
        {"kind": "web", "scope": "chat"},
    ],
    ids=["confirmed", "called", "a member's", "the browser itself"],
)
def test_what_somebody_has_established_stays(account, fields):
    row = stated(account, value="stays", **fields)
    run()
    assert Identity.objects.get() == row
