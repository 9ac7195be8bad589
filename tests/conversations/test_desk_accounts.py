"""The list of a member who works for several client companies at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.roles import Role
from conversations.actions.inquiry import assign
from conversations.actions.receive import receive_message
from conversations.choices import Channel
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import (
    ConversationFactory,
    QueueFactory,
    WebChatFactory,
)

_ROW = re.compile(r"/conversations/(\d+)/workspace/")


@pytest.fixture
def elsewhere(agent, other_account):
    """The agent's place in the other account."""
    return MembershipFactory(user=agent.user, account=other_account, role=Role.AGENT)


@pytest.fixture
def other_webchat(other_account):
    queue = QueueFactory(account=other_account)
    return WebChatFactory(inbox__account=other_account, inbox__queue=queue).inbox


@pytest.fixture
def waiting(agent, elsewhere, webchat, other_webchat):
    """70 inquiries of both accounts in turn, the longest waiting first."""
    inquiries = []
    for number in range(70):
        inbox = (webchat, other_webchat)[number % 2]
        arrived = receive_message(
            ConversationFactory(customer__account=inbox.account).customer,
            inbox=inbox,
            channel=Channel.WEBCHAT,
            body="届きません",
            occurred_at=timezone.now() - timedelta(minutes=100 - number),
        )
        inquiries.append(arrived.message.inquiry)
    return inquiries


def _shown(client, **chosen) -> list[int]:
    page = client.get(reverse("desk:inquiries"), chosen)
    return list(dict.fromkeys(int(pk) for pk in _ROW.findall(page.content.decode())))


@pytest.mark.parametrize("view", ["all", "unassigned"])
def test_both_accounts_stand_in_one_order(client_of, agent, waiting, view):
    longest = [inquiry.conversation_id for inquiry in waiting[:30]]
    assert _shown(client_of(agent), view=view) == longest
    longest = [inquiry.conversation_id for inquiry in waiting[:60]]
    assert _shown(client_of(agent), view=view, shown=60) == longest


def test_mine_are_mine_in_either_account(client_of, agent, elsewhere, waiting):
    mine = waiting[3:9]
    for inquiry in mine:
        owner = next(
            one for one in (agent, elsewhere) if one.account_id == inquiry.account_id
        )
        assign(inquiry, actor=agent.user, owner=owner)
    assert _shown(client_of(agent), view="mine") == [
        inquiry.conversation_id for inquiry in mine
    ]


def test_the_page_behind_the_cursor_goes_on_in_both(client_of, agent, waiting):
    client = client_of(agent)
    first = client.get(reverse("desk:inquiries"), {"view": "all"}).content.decode()
    cursor = re.search(r"cursor=([^&\"]+)", first)
    assert cursor
    more = client.get(f"{reverse('desk:more-inquiries')}?view=all&cursor={cursor[1]}")
    rows = dict.fromkeys(int(pk) for pk in _ROW.findall(more.content.decode()))
    assert list(rows) == [inquiry.conversation_id for inquiry in waiting[30:60]]
