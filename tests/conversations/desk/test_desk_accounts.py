"""The list of a member who works for several client companies at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.roles import Role
from conversations.choices import Channel
from conversations.inquiries.actions.inquiry import assign
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import (
    ConversationFactory,
    QueueFactory,
    WebChatFactory,
)
from tests.receiving import receive_message

_ROW = re.compile(r"/conversations/(\d+)/workspace/")


@pytest.fixture
def elsewhere(agent, other_account):
    """The agent's place in the other account."""
    return MembershipFactory(user=agent.user, account=other_account, role=Role.AGENT)


@pytest.fixture
def other_webchat(other_account):
    queue = QueueFactory(account=other_account)
    return WebChatFactory(inbox__account=other_account, inbox__queue=queue).inbox


def _arrived(count, *inboxes):
    """Inquiries of both accounts in turn, the longest waiting first."""
    inquiries = []
    for number in range(count):
        inbox = inboxes[number % 2]
        arrived = receive_message(
            ConversationFactory(customer__account=inbox.account).customer,
            inbox=inbox,
            channel=Channel.WEBCHAT,
            body="届きません",
            occurred_at=timezone.now() - timedelta(minutes=100 - number),
        )
        inquiries.append(arrived.message.inquiry)
    return inquiries


@pytest.fixture
def waiting(agent, elsewhere, webchat, other_webchat):
    return _arrived(70, webchat, other_webchat)


@pytest.fixture
def few(agent, elsewhere, webchat, other_webchat):
    return _arrived(6, webchat, other_webchat)


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


def _chip(text: str) -> tuple[str, str]:
    """Colour and name of the first account chip in it."""
    found = re.search(
        r'class="account-chip[^"]*" data-colour="(\w+)"[^>]*>'
        r'<span class="account-chip__name">([^<]+)<',
        text,
    )
    assert found
    return found[1], found[2]


def test_every_row_and_every_head_says_whose_it_is_by_name_and_colour(
    client_of, agent, elsewhere, few
):
    for account, colour in ((agent.account, "teal"), (elsewhere.account, "amber")):
        account.colour = colour
        account.save(update_fields=["colour"])
    client = client_of(agent)
    text = client.get(reverse("desk:inquiries"), {"view": "all"}).content.decode()
    for inquiry in few:
        inquiry.account.refresh_from_db()
        expected = (inquiry.account.colour, inquiry.account.name)
        row = text.split(f'id="inquiry-{inquiry.pk}"')[1].split("</a>")[0]
        assert _chip(row) == expected
        path = reverse("desk:conversation", args=[inquiry.conversation_id])
        page = client.get(path).content.decode()
        assert _chip(page.split("conversation__who")[1]) == expected
    assert expected == ("amber", "ひなた台所道具")


def test_switching_to_one_account_leaves_its_rows_alone(client_of, agent, few):
    client = client_of(agent)
    switch = reverse("accounts:switch")
    for slug in ("hinata", "kogane"):
        client.post(switch, {"account": slug})
        theirs = [one.conversation_id for one in few if one.account.slug == slug]
        assert _shown(client, view="all") == theirs
    client.post(switch, {"account": ""})
    both = [one.conversation_id for one in few]
    assert _shown(client, view="all") == both
