"""What a From field alone had verified, before mail servers' findings were asked."""

from importlib import import_module

import pytest
from django.apps import apps

from customers.models import Identity
from tests.factories.customers import IdentityFactory

MIGRATION = import_module("customers.migrations.0008_mail_senders_unverified")


@pytest.mark.django_db
def test_only_addresses_that_a_mail_verified_lose_their_mark(monkeypatch):
    monkeypatch.setattr(MIGRATION, "BATCH", 1)
    kinds = [("email", "email"), ("email", "email"), ("email", "agent")]
    kinds += [("phone", "sms")]
    for kind, source in kinds:
        IdentityFactory(kind=kind, source=source, verified=True)
    for _run in range(2):
        MIGRATION.unverify_mail_senders(apps, None)
    left = Identity.objects.filter(verified=True).values_list("kind", "source")
    assert sorted(left) == [("email", "agent"), ("phone", "sms")]
