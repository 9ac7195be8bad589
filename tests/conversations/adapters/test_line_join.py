"""A customer of LINE signs in to the shop as somebody who is known here already."""

import pytest
from django.test import Client
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from conversations.choices import InquiryStatus, ThreadEvent
from conversations.inbound.join import join_customer
from conversations.models import Conversation, Inquiry, Joining, Message
from customers.models import Identity
from tests.conversations.line import answer
from tests.conversations.linking import NONCE, invite, link, post_nonce
from tests.conversations.simulated import reply
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(account) -> Conversation:
    """Of the shop's customer S-1001."""
    found = ConversationFactory(customer__account=account)
    IdentityFactory(customer=found.customer, kind="shop", value="S-1001")
    return found


@pytest.fixture
def earlier(linkable, agent, known) -> Conversation:
    """What was written on LINE before it was known by whom, and is known by now."""
    conversation = linkable.write("連携したいです").conversation
    link(linkable, agent, conversation)
    return conversation


def lines(conversation, event):
    return conversation.messages.filter(event=event)


def part(client_of, member, conversation, joining):
    path = f"/conversations/{conversation.pk}/joinings/{joining.pk}/undo/"
    return client_of(member).post(path)


def test_who_links_as_a_known_customer_writes_in_that_customers_conversation(
    linkable, earlier, known
):
    message = linkable.write("交換できますか")
    assert message.conversation == known
    assert Identity.objects.get(kind="line").customer == known.customer
    assert Identity.objects.get(kind="shop").customer == known.customer


def test_joining_moves_no_row_and_each_thread_leads_to_the_other(
    earlier, known, agent, client_of
):
    assert Message.objects.get(body="連携したいです").conversation == earlier
    for here, there in ((earlier, known), (known, earlier)):
        (line,) = lines(here, ThreadEvent.IDENTIFIED)
        assert line.data["after"]["conversation"] == there.pk
        page = client_of(agent).get(f"/conversations/{here.pk}/messages/")
        assert f'href="/conversations/{there.pk}/"' in page.content.decode()
    joined = AuditEntry.objects.get(action="customer.joined")
    assert joined.after["conversation"] == known.pk
    assert AuditEntry.objects.filter(action="identity.moved").count() == 2


def test_what_was_asked_before_is_in_the_history_beside_the_thread_until_it_is_undone(
    earlier, known, agent, client_of
):
    inquiry = earlier.inquiries.get()
    path = reverse("desk:history", args=[known.customer_id])
    page = client_of(agent).get(path).content.decode()
    assert inquiry.reference in page
    timeline = client_of(agent).get(reverse("desk:timeline", args=[inquiry.pk]))
    place = f"/conversations/{earlier.pk}/?inquiry={inquiry.pk}"
    assert f'href="{place}"' in timeline.content.decode()
    part(client_of, agent, known, Joining.objects.get())
    assert inquiry.reference not in client_of(agent).get(path).content.decode()


def test_their_open_inquiry_goes_on_with_its_owner_and_its_waiting_time(
    linkable, agent, known
):
    conversation = linkable.write("まだ届きません").conversation
    inquiry = Inquiry.objects.get()
    link(linkable, agent, conversation)
    linkable.write("急いでいます")
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.DISMISSED
    (goes_on,) = Inquiry.objects.open()
    assert (goes_on.conversation, goes_on.owner) == (known, agent)
    assert goes_on.queue == inquiry.queue
    note = lines(conversation, ThreadEvent.CONTINUED).get()
    assert note.data["after"]["reference"] == goes_on.reference


def test_they_wait_since_their_oldest_message_on_either_side(linkable, known, agent):
    conversation = linkable.write("連携したいです").conversation
    link(linkable, agent, conversation)
    linkable.write("まだですか", person="2")
    second = Message.objects.get(body="まだですか")
    since = second.inquiry.waiting_since
    join_customer(
        second.identity, known.customer, shop_id="S-1001", at=second.occurred_at
    )
    (open_there,) = known.inquiries.open()
    assert open_there.waiting_since == since
    assert second.conversation.inquiries.open().count() == 0


def test_the_earlier_thread_is_still_answered_on_line(
    linkable, earlier, agent, client_of
):
    page = client_of(agent).get(f"/conversations/{earlier.pk}/compose/via/")
    assert linkable.inbox.name in page.content.decode()
    assert reply(agent, earlier, "先ほどの件です").status_code == 201
    assert linkable.seen()[-1] == "先ほどの件です"
    assert answer().conversation == earlier


def test_the_same_linking_told_again_changes_nothing(linkable, earlier, known):
    event = linkable.simulator.event(
        "1", "accountLink", link={"result": "ok", "nonce": NONCE}
    )
    before = Message.objects.count()
    linkable.simulator.post(linkable.connection, event)
    linkable.simulator.post(linkable.connection, event)
    assert Message.objects.count() == before
    assert Joining.objects.count() == 1


def test_two_numbers_of_the_shop_are_two_people(linkable, agent, known):
    conversation = linkable.write("連携したいです").conversation
    IdentityFactory(customer=conversation.customer, kind="shop", value="S-1")
    assert "account-link" not in menu_of(agent, conversation)
    event = linkable.simulator.event(
        "1", "accountLink", link={"result": "ok", "nonce": NONCE}
    )
    assert post_nonce().status_code == 201
    linkable.simulator.post(linkable.connection, event)
    assert lines(conversation, ThreadEvent.TO_CHECK).exists()
    assert not Joining.objects.exists()
    assert linkable.write("私です").conversation == conversation


def test_a_test_of_the_inbox_is_never_joined_with_a_real_customer(
    linkable, agent, admin, known
):
    linkable.inbox.state = "test"
    linkable.inbox.save()
    conversation = linkable.write("連携したいです").conversation
    link(linkable, admin, conversation)
    assert conversation.customer.is_test
    assert lines(conversation, ThreadEvent.TO_CHECK).exists()
    assert not Joining.objects.exists()


def test_somebody_else_is_one_click_and_both_threads_are_as_they_were(
    linkable, earlier, known, agent, client_of
):
    joining = Joining.objects.get()
    page = client_of(agent).get(f"/conversations/{known.pk}/messages/")
    assert f"/joinings/{joining.pk}/undo/" in page.content.decode()
    assert part(client_of, agent, known, joining).status_code == 204
    assert linkable.write("別の者です").conversation == earlier
    for one in (earlier, known):
        assert lines(one, ThreadEvent.PARTED).count() == 1
        page = client_of(agent).get(f"/conversations/{one.pk}/messages/")
        assert "/undo/" not in page.content.decode()
    assert part(client_of, agent, earlier, joining).status_code == 204  # once more
    assert AuditEntry.objects.filter(action="customer.parted").count() == 1


def test_who_was_called_somebody_else_is_not_joined_again(
    linkable, earlier, known, agent, client_of
):
    part(client_of, agent, known, Joining.objects.get())
    link(linkable, agent, earlier, nonce="another-nonce-of-the-shop", customer="S-1001")
    note = lines(earlier, ThreadEvent.TO_CHECK).get()
    assert note.data["after"]["reason"] == "told_apart"
    assert linkable.write("また来ました").conversation == earlier


def test_nobody_of_another_company_undoes_it(earlier, known, stranger, client_of):
    assert part(client_of, stranger, known, Joining.objects.get()).status_code == 404
    assert Joining.objects.get().undone_at is None


def test_the_shops_customers_are_not_asked_to_link(linkable, earlier, known, agent):
    for conversation in (earlier, known):
        assert "account-link" not in menu_of(agent, conversation)
        assert invite(agent, conversation).status_code == 422


def menu_of(agent, conversation) -> str:
    http = Client()
    http.force_login(agent.user)
    return http.get(f"/conversations/{conversation.pk}/compose/via/").content.decode()
