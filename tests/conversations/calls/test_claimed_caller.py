"""A number that somebody merely states: offered as a choice, found, never taken for theirs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agentdesk.accounts.access import access_of
from agentdesk.audit.models import AuditEntry
from conversations.calls.selectors.caller import call_box_offer
from conversations.models import Call
from customers.choices import ClaimState, IdentityKind
from customers.models import Claim, Customer, Identity
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import ClaimFactory, CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER, TYPED = "+819012345678", "090-1234-5678"


@pytest.fixture
def claimant(account) -> Customer:
    customer = CustomerFactory(account=account)
    ClaimFactory(customer=customer, value=NUMBER)
    ConversationFactory(customer=customer)
    return customer


@pytest.fixture
def http(agent, client_of):
    return client_of(agent)


def test_a_ringing_number_that_is_stated_is_a_choice(pbx, claimant, http):
    call = pbx.ring(**{"from": TYPED})
    assert call.conversation is None
    html = http.get(reverse("desk:call-rings")).content.decode()
    assert claimant.name in html
    assert "本人申告" in html


def test_taking_it_without_a_choice_makes_nobody_its_owner(pbx, claimant, http):
    call = pbx.ring(**{"from": TYPED})
    http.post(reverse("desk:call-answer", args=[call.pk]))
    call.refresh_from_db()
    assert call.member is not None
    assert call.conversation is None
    assert not Identity.objects.filter(value=NUMBER).exists()
    assert "本人申告" in http.get(reverse("desk:call-head")).content.decode()


@pytest.mark.parametrize("when", ["answering", "talking"])
def test_choosing_the_one_who_states_it_is_a_members_word(
    pbx, claimant, http, agent, when
):
    call = pbx.ring(**{"from": TYPED})
    chosen = {"customer": claimant.pk}
    if when == "talking":
        http.post(reverse("desk:call-answer", args=[call.pk]))
        http.post(reverse("desk:call-customer", args=[call.pk]), chosen)
    else:
        http.post(reverse("desk:call-answer", args=[call.pk]), chosen)
    identity = Identity.objects.get(value=NUMBER)
    assert (identity.customer, identity.verified) == (claimant, True)
    assert Claim.objects.get().state == ClaimState.PROVED
    entry = AuditEntry.objects.get(action="claim.proved")
    assert (entry.actor, entry.after["proof"]) == (agent.user, "call")
    call.refresh_from_db()
    assert call.conversation.customer == claimant
    assert pbx.ring(**{"from": TYPED}).conversation.customer == claimant


def test_somebody_else_is_a_new_customer_and_the_claim_stays(pbx, claimant, http):
    call = pbx.ring(**{"from": TYPED})
    http.post(reverse("desk:call-answer", args=[call.pk]), {"new": "1"})
    call.refresh_from_db()
    assert call.conversation.customer != claimant
    assert Claim.objects.get().state == ClaimState.OPEN


def test_the_owner_rings_as_ever_whoever_states_the_number(pbx, account, claimant):
    owner = CustomerFactory(account=account)
    IdentityFactory(customer=owner, value=NUMBER)
    assert pbx.ring(**{"from": TYPED}).conversation.customer == owner


@pytest.mark.parametrize("typed", [TYPED, "5678", "hanako@"])
def test_what_is_stated_is_found_and_marked(
    account,
    claimant,
    supervisor,
    http,
    typed,
    warm_process,
    django_assert_max_num_queries,
):
    ClaimFactory(customer=claimant, kind="email", value="hanako@example.jp")
    access = access_of(supervisor.user)
    call_box_offer([account], typed, access=access)
    with django_assert_max_num_queries(4):
        offer = call_box_offer([account], typed, access=access)
    [found] = offer.found
    assert (found.customer, found.is_claim) == (claimant, True)
    for name in ("desk:call-find", "desk:palette"):
        assert "本人申告" in http.get(reverse(name), {"q": typed}).content.decode()
    assert "本人申告" in http.get("/customers/", {"q": typed}).content.decode()


def test_its_owner_stands_before_those_who_state_it(account, claimant, agent):
    owner = CustomerFactory(account=account)
    IdentityFactory(customer=owner, value=NUMBER)
    found = call_box_offer([account], TYPED, access=access_of(agent.user)).found
    assert [(one.customer, one.is_claim) for one in found] == [
        (owner, False),
        (claimant, True),
    ]


def test_a_stated_number_may_still_begin_a_new_customer(account, claimant, agent):
    offer = call_box_offer([account], TYPED, access=access_of(agent.user))
    assert [one.number for one in offer.new_callers] == [NUMBER]


def test_a_refuted_claim_is_offered_and_found_no_more(pbx, account, claimant, agent):
    Claim.objects.update(state=ClaimState.REFUTED)
    assert not call_box_offer([account], TYPED, access=access_of(agent.user)).found
    pbx.ring(**{"from": TYPED})
    assert Call.objects.get().conversation is None


@pytest.fixture
def thousands_of_claims(account) -> None:
    """As many rows as let the planner's choice rest on what an index saves.

    With a handful, several indexes cost the same and chance decides between them.
    """
    customers = Customer.objects.bulk_create(
        Customer(account=account, given_name=f"客 {number}") for number in range(2_000)
    )
    Claim.objects.bulk_create(
        Claim(account=account, customer=customer, kind=kind, value=value)
        for number, customer in enumerate(customers)
        for kind, value in [
            (IdentityKind.PHONE, f"+8180{number:08}"),
            (IdentityKind.EMAIL, f"visitor{number}@example.jp"),
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze customers_claim")


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        (TYPED, "claim_prefix"),
        ("5678", "claim_last_digits"),
        ("hanako@", "claim_prefix"),
    ],
)
def test_the_search_reads_an_index_of_the_claims(
    account, agent, thousands_of_claims, typed, index
):
    access = access_of(agent.user)
    with CaptureQueriesContext(connection) as captured:
        call_box_offer([account], typed, access=access)
    [query] = [one["sql"] for one in captured if "customers_claim" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"explain {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(rf"(using|on) {index} ", plan), plan
