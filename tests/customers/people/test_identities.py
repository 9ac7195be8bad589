"""Adding, confirming and removing addresses of a customer."""

import pytest
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from customers.choices import IdentityKind
from customers.models import Customer, Identity
from tests.factories.customers import CustomerFactory, IdentityFactory


@pytest.fixture
def customer(account) -> Customer:
    return CustomerFactory(account=account)


@pytest.fixture
def client(agent, client_of):
    return client_of(agent)


def add(client, customer: Customer, **data):
    return client.post(reverse("customers:add-identity", args=[customer.pk]), data)


def test_a_number_is_added_however_it_is_typed(client, customer, agent):
    response = add(
        client,
        customer,
        kind="phone",
        value="０９０ー１２３４ー５６７８",
        verified="on",
    )
    assert response.status_code == 200
    assert "090-1234-5678" in response.content.decode()
    identity = customer.identities.get()
    assert identity.value == "+819012345678"
    entry = AuditEntry.objects.get(action="identity.added")
    assert entry.actor == agent.user
    assert entry.after["value"] == "+819012345678"


def test_a_value_of_another_customer_is_a_conflict_with_a_way_to_them(
    client, customer, account
):
    other = CustomerFactory(account=account, family_name="鈴木")
    IdentityFactory(customer=other, kind=IdentityKind.EMAIL, value="a@example.jp")
    response = add(client, customer, kind="email", value="A@Example.jp")
    assert response.status_code == 409
    html = response.content.decode()
    assert "鈴木" in html
    assert reverse("customers:customer", args=[other.pk]) in html
    assert not customer.identities.exists()


def test_what_nobody_has_confirmed_is_stated_and_known_to_nobody(
    client, customer, agent
):
    response = add(client, customer, kind="email", value="Hanako@Example.jp")
    assert "本人申告" in response.content.decode()
    assert not customer.identities.exists()
    assert customer.claims.get().value == "hanako@example.jp"
    entry = AuditEntry.objects.get(action="claim.recorded")
    assert entry.actor == agent.user


def test_the_same_value_in_another_account_is_no_conflict(
    client, customer, other_account
):
    theirs = CustomerFactory(account=other_account)
    IdentityFactory(customer=theirs, kind=IdentityKind.EMAIL, value="a@example.jp")
    response = add(client, customer, kind="email", value="a@example.jp", verified="on")
    assert response.status_code == 200
    assert customer.identities.count() == 1


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "12"),
        ("phone", "電話なし"),
        ("email", "not an address"),
        ("email", ""),
        ("shop", "番" * 321),
        ("line", "U123"),
        ("email", "\x00@\x00.\x00"),
    ],
)
def test_what_is_no_address_is_refused_in_place(client, customer, kind, value):
    response = add(client, customer, kind=kind, value=value)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not customer.identities.exists()


def test_adding_what_is_already_theirs_changes_nothing(client, customer):
    IdentityFactory(customer=customer, value="+819012345678")
    assert add(client, customer, kind="phone", value="09012345678").status_code == 200
    assert customer.identities.count() == 1


def test_confirming_marks_it_once_and_is_audited(client, customer):
    identity = IdentityFactory(customer=customer)
    address = reverse("customers:verify-identity", args=[identity.pk])
    assert client.post(address).status_code == 200
    assert client.post(address).status_code == 200
    identity.refresh_from_db()
    assert identity.verified
    assert AuditEntry.objects.filter(action="identity.verified").count() == 1


def test_removing_the_last_web_identity_keeps_the_customer(client, customer):
    identity = IdentityFactory(
        customer=customer, kind=IdentityKind.WEB, scope="k", value="v1"
    )
    address = reverse("customers:remove-identity", args=[identity.pk])
    assert client.post(address).status_code == 200
    assert not customer.identities.exists()
    assert Customer.objects.filter(pk=customer.pk).exists()
    assert AuditEntry.objects.get(action="identity.removed").before["value"] == "v1"
    assert client.post(address).status_code == 404


def test_identities_of_another_account_are_not_found(customer, stranger, client_of):
    identity = IdentityFactory(customer=customer)
    client = client_of(stranger)
    for name in ("verify-identity", "remove-identity"):
        address = reverse(f"customers:{name}", args=[identity.pk])
        assert client.post(address).status_code == 404
    assert add(client, customer, kind="phone", value="0312345678").status_code == 404
    assert Identity.objects.filter(pk=identity.pk, verified=False).exists()
