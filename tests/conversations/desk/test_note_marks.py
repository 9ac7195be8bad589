"""Names in notes are marked, notes carry signs of colleagues, messages are pinned."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel
from conversations.models import Conversation, Message, NoteReaction, Pin
from conversations.replies.actions.note import add_note
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chat(account, webchat) -> Conversation:
    chat = ConversationFactory(customer__account=account)
    receive_message(chat.customer, inbox=webchat, channel=Channel.WEBCHAT, body="急ぎ")
    return chat


@pytest.fixture
def http(agent, client_of):
    return client_of(agent)


def write_note(chat, member, body):
    return add_note(chat, member=member, body=body, client_id=uuid4())


def drawn(http, chat, message) -> str:
    address = reverse("desk:message", args=[chat.pk, message.pk])
    return http.get(address).content.decode()


def post(http, name, chat, message, **data):
    return http.post(reverse(f"desk:{name}", args=[chat.pk, message.pk]), data)


def test_named_members_are_marked_and_the_reader_more_so(
    http, chat, agent, account, client_of
):
    other = MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="一郎"
    )
    body = "＠鈴木 一郎 さんへ <b>@だれか</b> https://example.jp/@x"
    note = write_note(chat, agent, body)
    page = drawn(http, chat, note)
    assert '<mark class="mention">＠鈴木 一郎</mark>' in page
    assert page.count("<mark") == 1
    assert "&lt;b&gt;@だれか" in page
    mine = drawn(client_of(other), chat, note)
    own = '<mark class="mention" data-own>＠鈴木 一郎</mark>'
    assert own in mine
    address = reverse("desk:conversation", args=[chat.pk])
    assert own in client_of(other).get(address).content.decode()


def test_a_page_of_notes_costs_no_query_each(http, chat, agent):
    address = reverse("desk:messages", args=[chat.pk]) + "?after=0"

    def cost():
        with CaptureQueriesContext(connection) as found:
            http.get(address)
        return len(found)

    note = write_note(chat, agent, f"@{agent.user.name} 確認")
    post(http, "react", chat, note, emoji="👍")
    cost()
    before = cost()
    for number in range(5):
        note = write_note(chat, agent, f"@{agent.user.name} {number}")
        post(http, "react", chat, note, emoji="👀")
    assert cost() == before


def test_a_sign_is_put_once_shown_with_names_and_taken_off(
    http, chat, agent, supervisor, client_of
):
    note = write_note(chat, agent, "在庫あり")
    for client in (http, http, client_of(supervisor)):
        assert post(client, "react", chat, note, emoji="👍").status_code == 204
    assert NoteReaction.objects.count() == 2
    page = drawn(http, chat, note)
    assert 'aria-pressed="true"' in page
    assert supervisor.user.family_name in page
    assert post(http, "react", chat, note, emoji="👍", off="on").status_code == 204
    assert NoteReaction.objects.get().member == supervisor
    assert 'aria-pressed="false"' in drawn(http, chat, note)
    assert AuditEntry.objects.filter(action="note.unreacted").count() == 1


def test_no_other_sign_no_other_message_and_nobody_from_elsewhere(
    http, chat, agent, stranger, client_of
):
    note = write_note(chat, agent, "在庫あり")
    assert post(http, "react", chat, note, emoji="💣").status_code == 400
    text = chat.messages.get(kind="text")
    assert post(http, "react", chat, text, emoji="👍").status_code == 400
    for name in ("react", "pin", "unpin"):
        answer = post(client_of(stranger), name, chat, note, emoji="👍")
        assert answer.status_code == 404
    assert not NoteReaction.objects.exists()


def test_pinned_it_stands_at_the_head_until_it_is_unpinned(http, chat, agent):
    note = write_note(chat, agent, "折り返しは15時以降")
    assert post(http, "pin", chat, note).status_code == 204
    assert post(http, "pin", chat, note).status_code == 204
    page = http.get(reverse("desk:conversation", args=[chat.pk])).content.decode()
    head = re.search(r'<live-region class="pins".*?</live-region>', page, re.DOTALL)
    assert "折り返しは15時以降" in head[0]
    assert Pin.objects.get().by == agent
    assert post(http, "unpin", chat, note).status_code == 204
    assert "折り返し" not in (
        http.get(reverse("desk:pins", args=[chat.pk])).content.decode()
    )
    for action in ("message.pinned", "message.unpinned"):
        assert AuditEntry.objects.filter(action=action).count() == 1


def test_there_are_at_most_three_also_when_two_pin_at_once(chat, agent, client_of):
    notes = [write_note(chat, agent, f"{number}") for number in range(5)]

    def pin(note):
        try:
            return post(client_of(agent), "pin", chat, note).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(pin, notes))
    assert sorted(answers) == [204, 204, 204, 409, 409]
    assert Conversation.objects.get(pk=chat.pk).pin_count == 3


def test_a_line_of_the_system_is_not_pinned(http, chat):
    line = Message.objects.filter(kind="system").first()
    assert post(http, "pin", chat, line).status_code == 400
