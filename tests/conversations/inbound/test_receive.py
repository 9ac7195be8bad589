"""Messages of customers, whatever the channel, end in one conversation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.choices import Channel, InquiryStatus, MessageKind
from conversations.inquiries.actions.inquiry import assign, close
from conversations.models import Conversation, Inquiry, Message
from customers.choices import IdentityKind
from customers.models import Customer
from customers.people.actions.identify import identify
from tests.factories.conversations import ContactReasonFactory
from tests.receiving import receive_message


def arrive(inbox, body="届きません", **fields):
    customer = identify(
        inbox.account, IdentityKind.WEB, "visitor-1", scope=inbox.key, source="webchat"
    )
    return receive_message(
        customer,
        inbox=inbox,
        channel=Channel.WEBCHAT,
        body=body,
        **fields,
    )


@pytest.mark.django_db(transaction=True)
def test_racing_first_messages_give_one_of_everything(webchat):
    def first_message(number: int) -> None:
        try:
            arrive(webchat, f"{number}通目", client_id=uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(first_message, range(24)))

    assert Customer.objects.count() == 1
    assert Conversation.objects.count() == 1
    assert Inquiry.objects.count() == 1
    assert Message.objects.filter(kind=MessageKind.TEXT).count() == 24


def test_a_first_message_locks_the_thread_before_its_inquiry(webchat):
    """Read twice, an inquiry of a thread begun meanwhile is locked without the thread."""
    with CaptureQueriesContext(connection) as queries:
        arrive(webchat)
    [together] = [sql for one in queries if (sql := one["sql"]).count("for no key") > 1]
    begun, thread, inquiry, *_more = together.split(";\n")
    assert begun.startswith("insert into conversations_conversation")
    assert "conversations_conversation" in thread.split("where")[0]
    assert "conversations_inquiry" in inquiry.split("where")[0]


def test_a_repeated_client_id_is_one_message(webchat):
    client_id = uuid4()
    first = arrive(webchat, client_id=client_id)
    again = arrive(webchat, client_id=client_id)
    assert first.is_new
    assert not again.is_new
    assert again.message == first.message


def test_a_message_soon_after_closing_reopens_the_inquiry(webchat, agent):
    inquiry = arrive(webchat).message.inquiry
    assign(inquiry, actor=agent.user, owner=agent)
    close(inquiry, actor=agent.user, reason=ContactReasonFactory(account=agent.account))
    arrive(webchat, "まだ届きません")
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.ACTIVE
    assert inquiry.owner == agent
    assert inquiry.closed_at is None
    assert Inquiry.objects.count() == 1


def test_a_message_long_after_closing_opens_a_new_inquiry(webchat, agent):
    inquiry = arrive(webchat).message.inquiry
    close(inquiry, actor=agent.user, reason=ContactReasonFactory(account=agent.account))
    Inquiry.objects.update(closed_at=timezone.now() - timedelta(hours=73))
    arrive(webchat, "別の件です")
    assert Inquiry.objects.count() == 2
    assert Inquiry.objects.open().count() == 1


def test_a_card_number_never_reaches_the_database(webchat):
    message = arrive(webchat, "番号は４１１１-1111 1111 １１１１ です").message
    message.refresh_from_db()
    assert message.body == "番号は•••• •••• •••• 1111 です"
    assert "1111 1111" not in message.conversation.preview


def test_hostile_characters_are_taken_out(webchat):
    message = arrive(webchat, "a\x00b\u202ec\ud800d👨‍👩‍👧").message
    message.refresh_from_db()
    assert message.body == "abc\ufffdd👨‍👩‍👧"
