"""What earlier imports took for identities becomes claims, unless it is in use."""

from importlib import import_module

import pytest
from django.apps import apps

from conversations.choices import Channel
from customers.choices import IdentityKind
from customers.models import Claim, Identity
from tests.factories.conversations import ConversationFactory, InboxFactory
from tests.factories.customers import CustomerFactory, IdentityFactory
from tests.factories.threads import inbound_message

migration = import_module("customers.migrations.0011_import_claims")
pytestmark = pytest.mark.django_db(transaction=True)


def test_identities_of_imports_become_claims_in_batches(account, monkeypatch):
    monkeypatch.setattr(migration, "BATCH", 2)
    customers = CustomerFactory.create_batch(5, account=account)
    for number, customer in enumerate(customers):
        IdentityFactory(
            customer=customer, source="orders", value=f"+81901111000{number}", raw="raw"
        )
    used = Identity.objects.get(value="+819011110002")
    conversation = ConversationFactory(customer=used.customer)
    inbox = InboxFactory(account=account, channel=Channel.SMS)
    inbound_message(conversation, inbox, "もしもし", identity=used)
    remaining = [
        used.pk,
        IdentityFactory(customer=customers[0], source="orders", verified=True).pk,
        IdentityFactory(customer=customers[0], source="agent").pk,
        IdentityFactory(
            customer=customers[0], source="orders", kind=IdentityKind.SHOP, value="M"
        ).pk,
    ]
    migration.move_to_claims(apps, None)
    migration.move_to_claims(apps, None)
    assert set(Identity.objects.values_list("pk", flat=True)) == set(remaining)
    claims = Claim.objects.values_list("customer", "value", "raw", "source", "state")
    assert set(claims) == {
        (customer.pk, f"+81901111000{number}", "raw", "orders", "open")
        for number, customer in enumerate(customers)
        if number != 2
    }
