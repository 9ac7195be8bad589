"""Links with the shop that come twice, late, at once, or of somebody else."""

from datetime import timedelta

import pytest

from conversations.choices import EventState, ThreadEvent
from conversations.inbound.link_account import NONCE_LIFE
from conversations.models import (
    AccountLinkNonce,
    Conversation,
    Joining,
    Message,
    ProviderEvent,
)
from customers.models import Identity
from tests.conversations.inbound.test_at_once import at_once
from tests.conversations.linking import NONCE, post_nonce
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(account) -> Conversation:
    """Of the shop's customer S-1001."""
    found = ConversationFactory(customer__account=account)
    IdentityFactory(customer=found.customer, kind="shop", value="S-1001")
    return found


def linked(line, nonce=NONCE, *, person="1") -> int:
    """LINE says that this person has signed in with that nonce."""
    link = {"result": "ok", "nonce": nonce}
    event = line.simulator.event(person, "accountLink", link=link)
    return line.simulator.post(line.connection, event)


def nothing_waits() -> bool:
    return not ProviderEvent.objects.exclude(state=EventState.PROCESSED).exists()


def lines(conversation, event):
    return conversation.messages.filter(event=event)


def test_a_nonce_is_spent_by_the_first_who_brings_it(linkable, known):
    first = linkable.write("私です").conversation
    second = linkable.write("私も", person="2").conversation
    assert post_nonce().status_code == 201
    linked(linkable)
    linked(linkable, person="2")
    assert Joining.objects.get().earlier == first
    assert linkable.write("誰ですか", person="2").conversation == second


def test_a_nonce_is_of_no_use_once_it_is_old(linkable, known):
    conversation = linkable.write("私です").conversation
    assert post_nonce().status_code == 201
    for nonce in AccountLinkNonce.objects.all():
        nonce.created_at -= NONCE_LIFE + timedelta(seconds=1)
        nonce.save()
    linked(linkable)
    assert not Joining.objects.exists()
    assert lines(conversation, ThreadEvent.LINK_FAILED).exists()


def test_who_was_joined_once_and_signs_in_as_another_is_left_to_a_person(
    linkable, known, account, agent, client_of
):
    """The shop's number was taken from the customer meanwhile."""
    linkable.write("私です")
    assert post_nonce().status_code == 201
    linked(linkable)
    shop = Identity.objects.get(kind="shop")
    assert (
        client_of(agent).post(f"/customers/identities/{shop.pk}/remove/").status_code
        == 200
    )
    other = ConversationFactory(customer__account=account)
    IdentityFactory(customer=other.customer, kind="shop", value="S-2002")
    assert post_nonce("another-nonce-of-the-shop", "S-2002").status_code == 201
    linked(linkable, "another-nonce-of-the-shop")
    assert nothing_waits()
    after = lines(known, ThreadEvent.TO_CHECK).get().data["after"]
    assert (after["reason"], after["conversation"]) == ("shop_id_taken", other.pk)
    assert linkable.write("どなたですか").conversation == known


def test_two_who_sign_in_as_the_same_at_once_both_write_in_that_conversation(
    linkable, known
):
    people = ("1", "2")
    for person in people:
        linkable.write("連携します", person=person)
        assert post_nonce(f"nonce-of-person-{person}").status_code == 201
    at_once(
        *(
            lambda one=one: linked(linkable, f"nonce-of-person-{one}", person=one)
            for one in people
        ),
        *(
            lambda one=one: linkable.simulator.write(
                linkable.connection, one, "text", f"同時に {one}"
            )
            for one in people
        ),
    )
    assert Joining.objects.filter(later=known).count() == 2
    for person in people:
        assert Message.objects.filter(body=f"同時に {person}").count() == 1
        assert linkable.write("後で", person=person).conversation == known


def test_an_address_that_has_written_can_be_taken_away(
    linkable, known, agent, client_of
):
    before = linkable.write("私です").conversation
    identity = Identity.objects.get(kind="line")
    path = f"/customers/identities/{identity.pk}/remove/"
    assert client_of(agent).post(path).status_code == 200
    assert linkable.write("また私です").conversation != before
