"""A member says that the one who states an address and the one who has it are one, or two."""

import pytest
from django.urls import reverse

from conversations.choices import ThreadEvent
from conversations.models import Message, Visitor
from customers.choices import ClaimState
from customers.models import Claim, Customer, Identity
from tests.conversations.inbound.stated.words import STATED, thread_of
from tests.factories.customers import CustomerFactory, IdentityFactory, OrderFactory

pytestmark = pytest.mark.django_db


def decide(http, verb: str, claim: Claim):
    return http.post(reverse(f"desk:claim-{verb}", args=[claim.pk]))


def test_a_joined_visitor_goes_on_in_the_known_customers_conversation(
    box, claim, visitor, http, agent
):
    real = box.get(sender=STATED).conversation
    own = thread_of(claim)
    assert decide(http, "join", claim).status_code == 204
    visitor.send("続きです")
    written = Message.objects.get(body="続きです")
    assert written.conversation == real
    assert visitor.bodies() == ["注文の件で質問です", "続きです"]
    for one, other in ((own, real), (real, own)):
        line = one.messages.get(event=ThreadEvent.SAME_PERSON)
        assert line.data["after"]["conversation"] == other.pk
        assert line.author == agent
    assert not Message.objects.filter(data__after__has_key="claim").exists()
    claim.refresh_from_db()
    assert claim.state == ClaimState.PROVED


def test_undoing_it_brings_all_back_and_the_pair_is_silent(box, claim, visitor, http):
    real = box.get(sender=STATED).conversation
    own = thread_of(claim)
    decide(http, "join", claim)
    joining = own.messages.get(event=ThreadEvent.SAME_PERSON).data["after"]["joining"]
    path = reverse("desk:undo-join", args=[own.pk, joining])
    assert http.post(path).status_code == 204
    visitor.send("また別々に")
    assert Message.objects.get(body="また別々に").conversation == own
    assert Visitor.objects.get().earlier is None
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUTED
    lines = real.messages.filter(event=ThreadEvent.TO_CHECK).count()
    visitor.post("about/", {"email": STATED})
    box.get(sender=STATED, text="もう一度")
    assert real.messages.filter(event=ThreadEvent.TO_CHECK).count() == lines
    assert decide(http, "join", claim).status_code == 409


def test_different_people_are_never_asked_about_again(box, claim, http):
    real = box.get(sender=STATED).conversation
    assert decide(http, "part", claim).status_code == 204
    for one in (real, thread_of(claim)):
        html = http.get(reverse("desk:conversation", args=[one.pk])).content.decode()
        assert reverse("desk:claim-join", args=[claim.pk]) not in html
    assert real != thread_of(claim)


def test_whom_the_shop_knows_stays_who_they_are(box, claim, visitor, http):
    IdentityFactory(customer=claim.customer, kind="shop", value="S-1001")
    real = box.get(sender=STATED).conversation
    assert decide(http, "join", claim).status_code == 204
    assert Identity.objects.get(value=STATED).customer == claim.customer
    answer = box.get(sender=STATED, text="続きです")
    assert answer.conversation == thread_of(claim) != real


def test_two_customers_of_the_shop_are_not_joined(box, claim, account, http):
    IdentityFactory(customer=claim.customer, kind="shop", value="S-1001")
    known = CustomerFactory(account=account)
    IdentityFactory(customer=known, kind="shop", value="S-2002")
    IdentityFactory(customer=known, kind="email", value=STATED)
    assert decide(http, "join", claim).status_code == 409
    assert Identity.objects.get(value=STATED).customer == known


def test_who_has_bought_stays_and_a_third_is_not_joined(box, claim, http):
    OrderFactory(customer=claim.customer)
    real = box.get(sender=STATED).conversation
    decide(http, "join", claim)
    assert Identity.objects.get(value=STATED).customer == claim.customer
    assert Customer.objects.filter(conversation=real).exists()


def test_claims_of_another_account_cannot_be_decided(box, claim, stranger, client_of):
    box.get(sender=STATED)
    http = client_of(stranger)
    for verb in ("join", "part", "code", "redeem"):
        assert decide(http, verb, claim).status_code == 404
    claim.refresh_from_db()
    assert claim.state == ClaimState.OPEN


def test_what_else_was_stated_goes_along_and_comes_back(box, claim, visitor, http):
    visitor.post("about/", {"phone": "090-1234-5678"})
    phone = Claim.objects.get(kind="phone")
    real, own = box.get(sender=STATED).conversation, thread_of(claim)
    decide(http, "join", claim)
    panels = {one.pk: panel(http, one) for one in (real, own)}
    assert "090-1234-5678" in panels[real.pk]
    assert "090-1234-5678" not in panels[own.pk]
    joining = own.messages.get(event=ThreadEvent.SAME_PERSON).data["after"]["joining"]
    http.post(reverse("desk:undo-join", args=[own.pk, joining]))
    phone.refresh_from_db()
    assert (phone.customer, phone.state) == (own.customer, ClaimState.OPEN)
    assert "090-1234-5678" not in panel(http, real)


def panel(http, conversation) -> str:
    path = reverse("customers:identities", args=[conversation.customer_id])
    return http.get(path).content.decode()
