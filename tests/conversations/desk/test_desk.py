"""The desk as a member's browser sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.choices import Channel, InquiryStatus
from conversations.inquiries.actions.inquiry import assign, close
from conversations.models import Conversation, Inquiry
from customers.models import Customer
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import CustomerFactory
from tests.receiving import receive_message


def arrive(conversation, inbox, body="届きません", **fields):
    return receive_message(
        conversation.customer, inbox=inbox, channel=Channel.WEBCHAT, body=body, **fields
    ).message


def earlier_inquiries(text: str) -> str:
    """The part of the customer pane that names them."""
    return text.split('id="customer-history"')[1].split("</details>")[0]


@pytest.fixture
def waiting(conversation, webchat):
    return arrive(conversation, webchat, "サイズを交換したいです").inquiry


def test_an_open_conversation_shows_thread_customer_and_composer(
    client_of, agent, conversation, waiting
):
    page = client_of(agent).get(reverse("desk:conversation", args=[conversation.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "サイズを交換したいです" in text
    assert "山田 太郎" in text
    assert waiting.reference in text
    assert 'id="composer-reply"' in text


def test_the_workspace_needs_few_queries(
    client_of, agent, conversation, webchat, warm_process, django_assert_max_num_queries
):
    for number in range(60):
        arrive(conversation, webchat, f"{number}通目")
    client = client_of(agent)
    address = reverse("desk:workspace", args=[conversation.pk])
    client.get(address)
    with django_assert_max_num_queries(5):  # with the history of the customer
        client.get(address)


def test_what_was_written_to_a_tested_inbox_opens_for_who_manages_the_settings(
    client_of, agent, admin, conversation, waiting
):
    Customer.objects.filter(pk=conversation.customer_id).update(is_test=True)
    Inquiry.objects.filter(pk=waiting.pk).update(is_test=True)
    address = reverse("desk:workspace", args=[conversation.pk])
    assert client_of(agent).get(address).status_code == 404
    page = client_of(admin).get(address)
    assert page.status_code == 200
    assert waiting.reference in earlier_inquiries(page.content.decode())


def test_the_list_needs_the_same_queries_for_any_number_of_rows(
    client_of, agent, account, webchat, warm_process, django_assert_max_num_queries
):
    for _number in range(25):
        arrive(ConversationFactory(customer__account=account), webchat)
    client = client_of(agent)
    client.get(reverse("desk:inquiries"))
    with django_assert_max_num_queries(4):
        page = client.get(reverse("desk:inquiries"))
    assert page.content.decode().count('class="entry ') == 25


def test_the_list_begins_with_who_has_waited_longest(
    client_of, agent, account, webchat
):
    for minutes, name in ((5, "後藤"), (50, "前田"), (20, "中村")):
        customer = CustomerFactory(account=account, family_name=name)
        moment = timezone.now() - timedelta(minutes=minutes)
        arrive(ConversationFactory(customer=customer), webchat, occurred_at=moment)
    text = client_of(agent).get(reverse("desk:home")).content.decode()
    assert text.index("前田") < text.index("中村") < text.index("後藤")


def test_more_rows_follow_behind_the_cursor(client_of, agent, account, webchat):
    for _number in range(35):
        arrive(ConversationFactory(customer__account=account), webchat)
    client = client_of(agent)
    first = client.get(reverse("desk:inquiries")).content.decode()
    cursor = first.split("cursor=")[1].split('"')[0]
    more = client.get(reverse("desk:more-inquiries") + f"?cursor={cursor}")
    assert more.content.decode().count('class="entry ') == 5


def test_a_made_up_cursor_is_refused(client_of, agent):
    page = client_of(agent).get(reverse("desk:more-inquiries") + "?cursor=abc")
    assert page.status_code == 400


def test_a_stranger_gets_404_everywhere(client_of, stranger, conversation, waiting):
    client = client_of(stranger)
    for name in ("conversation", "workspace", "messages", "inquiry-bar", "viewers"):
        assert (
            client.get(reverse(f"desk:{name}", args=[conversation.pk])).status_code
            == 404
        )
    for name in ("take", "reopen", "wake", "close", "snooze", "assign"):
        assert (
            client.post(reverse(f"desk:{name}", args=[waiting.pk])).status_code == 404
        )


def test_taking_an_inquiry_makes_it_mine(client_of, agent, waiting):
    client_of(agent).post(reverse("desk:take", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.owner == agent
    assert waiting.status == InquiryStatus.ACTIVE


def test_closing_needs_a_reason(client_of, agent, account, waiting):
    client = client_of(agent)
    url = reverse("desk:close", args=[waiting.pk])
    assert client.post(url, {"status": "done"}).status_code == 422
    reason = ContactReasonFactory(account=account)
    assert client.post(url, {"status": "done", "reason": reason.pk}).status_code == 204
    waiting.refresh_from_db()
    assert waiting.status == InquiryStatus.DONE
    assert waiting.reason == reason


def test_close_and_next_goes_to_the_longest_waiting(
    client_of, agent, account, webchat, waiting
):
    other = arrive(ConversationFactory(customer__account=account), webchat)
    reason = ContactReasonFactory(account=account)
    answer = client_of(agent).post(
        reverse("desk:close", args=[waiting.pk]),
        {"status": "done", "reason": reason.pk, "next": "1"},
    )
    workspace = reverse("desk:workspace", args=[other.conversation_id])
    assert workspace in answer.headers["HX-Trigger"]


def test_an_inquiry_can_be_reopened_by_hand(client_of, agent, account, waiting):
    close(waiting, actor=agent.user, reason=ContactReasonFactory(account=account))
    client_of(agent).post(reverse("desk:reopen", args=[waiting.pk]))
    assert Inquiry.objects.open().get() == waiting


def test_a_snoozed_inquiry_leaves_the_list_until_the_customer_writes(
    client_of, agent, conversation, webchat, waiting
):
    client = client_of(agent)
    client.post(reverse("desk:snooze", args=[waiting.pk]), {"until": "tomorrow"})
    assert (
        waiting.reference not in client.get(reverse("desk:inquiries")).content.decode()
    )
    assert "entry " not in client.get(reverse("desk:inquiries")).content.decode()
    arrive(conversation, webchat, "まだですか")
    assert "まだですか" in client.get(reverse("desk:inquiries")).content.decode()


def test_mine_shows_only_what_i_own(client_of, agent, supervisor, waiting):
    assign(waiting, actor=supervisor.user, owner=supervisor)
    client = client_of(agent)
    mine = client.get(reverse("desk:inquiries") + "?view=mine&status=")
    assert "entry " not in mine.content.decode()
    everyone = client.get(reverse("desk:inquiries") + "?view=all&status=")
    assert "entry " in everyone.content.decode()


def test_a_conversation_without_inquiry_can_be_opened(client_of, agent, conversation):
    Conversation.objects.get(pk=conversation.pk)
    page = client_of(agent).get(reverse("desk:conversation", args=[conversation.pk]))
    assert page.status_code == 200
