"""What a customer states, in the panel: marked, confirmed by asking, or refuted."""

import pytest
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from customers.choices import ClaimState
from customers.models import Claim, Customer
from tests.factories.customers import ClaimFactory, CustomerFactory, IdentityFactory

EMAIL = "hanako@example.jp"


@pytest.fixture
def claim(account) -> Claim:
    customer = CustomerFactory(account=account, family_name="鈴木")
    return ClaimFactory(customer=customer, kind="email", value=EMAIL, raw=EMAIL)


@pytest.fixture
def client(agent, client_of):
    return client_of(agent)


def panel(client, customer: Customer) -> str:
    path = reverse("customers:identities", args=[customer.pk])
    return client.get(path).content.decode()


def act(client, verb: str, claim: Claim):
    return client.post(reverse(f"customers:{verb}-claim", args=[claim.pk]))


def test_it_is_listed_with_its_mark_and_what_one_can_do(client, claim):
    html = panel(client, claim.customer)
    assert EMAIL in html
    for words in (
        "本人申告",
        "本人に確認した",
        "コードを送って確認",
        "本人のものではない",
    ):
        assert words in html
    assert "要確認" not in html


def test_a_members_word_makes_it_a_verified_identity(client, claim, agent):
    response = act(client, "confirm", claim)
    assert response.status_code == 200
    identity = claim.customer.identities.get()
    assert (identity.value, identity.verified) == (EMAIL, True)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PROVED
    entry = AuditEntry.objects.get(action="claim.proved")
    assert (entry.actor, entry.after["proof"]) == (agent.user, "asked")
    assert "本人申告" not in panel(client, claim.customer)


def test_what_is_somebody_elses_is_not_taken_but_offered_to_join(
    client, claim, account
):
    holder = CustomerFactory(account=account, family_name="高橋")
    IdentityFactory(customer=holder, kind="email", value=EMAIL)
    response = act(client, "confirm", claim)
    assert response.status_code == 409
    html = response.content.decode()
    assert "高橋" in html
    assert reverse("desk:claim-join", args=[claim.pk]) in html
    assert not claim.customer.identities.exists()
    theirs = panel(client, holder)
    assert "要確認" in theirs
    assert "鈴木" in theirs
    assert reverse("desk:claim-part", args=[claim.pk]) in theirs


def test_what_is_not_theirs_is_shown_no_more_and_stays_so(client, claim):
    assert act(client, "refute", claim).status_code == 200
    assert EMAIL not in panel(client, claim.customer)
    assert act(client, "confirm", claim).status_code == 409
    assert not claim.customer.identities.exists()


def test_the_shop_signing_it_or_a_member_typing_it_proves_it(client, claim):
    path = reverse("customers:add-identity", args=[claim.customer_id])
    client.post(path, {"kind": "email", "value": EMAIL, "verified": "on"})
    claim.refresh_from_db()
    assert claim.state == ClaimState.PROVED


def test_claims_of_another_account_are_not_found(claim, stranger, client_of):
    for verb in ("confirm", "refute"):
        assert act(client_of(stranger), verb, claim).status_code == 404
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPEN


def test_a_panel_with_many_claims_needs_no_more_queries(
    client, claim, account, django_assert_max_num_queries
):
    for number in range(8):
        value = f"h{number}@example.jp"
        ClaimFactory(customer=claim.customer, kind="email", value=value)
        IdentityFactory(
            customer=CustomerFactory(account=account), kind="email", value=value
        )
    panel(client, claim.customer)
    with django_assert_max_num_queries(10):
        panel(client, claim.customer)
