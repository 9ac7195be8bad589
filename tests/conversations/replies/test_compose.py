"""Answering: what the composer submits, and what stops two members answering at once."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.accounts.roles import Role
from conversations.choices import Channel, DeliveryState, Direction, MessageKind
from conversations.models import ComposeLease, Draft, Message, Notification
from tests.factories.accounts import MembershipFactory
from tests.receiving import receive_message


@pytest.fixture
def question(conversation, webchat):
    return receive_message(
        conversation.customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body="在庫はありますか",
    ).message


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )


@pytest.fixture
def send(client_of, conversation):
    def sending(member, body="ございます", kind="reply", **fields):
        data = {"client_id": str(uuid4()), "kind": kind, "body": body} | fields
        url = reverse("desk:compose", args=[conversation.pk])
        return client_of(member).post(url, data)

    return sending


def save_draft(client, conversation, body, kind="reply"):
    url = reverse("desk:draft", args=[conversation.pk])
    return client.post(url, {"kind": kind, "body": body})


def test_a_reply_is_sent_and_ends_the_waiting(send, agent, question):
    assert send(agent).status_code == 201
    reply = Message.objects.get(direction=Direction.OUTBOUND)
    assert reply.body == "ございます"
    assert reply.state == DeliveryState.SENT
    question.inquiry.refresh_from_db()
    assert question.inquiry.waiting_since is None
    assert question.inquiry.owner == agent


def test_a_double_submitted_reply_is_stored_once(send, agent, question):
    client_id = str(uuid4())
    for _attempt in range(2):
        assert send(agent, client_id=client_id).status_code == 201
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


@pytest.mark.parametrize("kind", ["reply", "note"])
@pytest.mark.parametrize("body", ["  \n ", "\u200b\u3164"])
def test_an_empty_text_is_refused_with_a_sentence(send, agent, question, body, kind):
    answer = send(agent, body=body, kind=kind)
    assert answer.status_code == 422
    assert "banner" in answer.content.decode()


def test_a_reply_that_is_too_long_is_refused(send, agent, question):
    assert send(agent, body="あ" * 20_001).status_code == 422
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


def test_a_message_that_arrived_meanwhile_is_shown_before_sending(
    send, agent, question, conversation, webchat
):
    receive_message(
        conversation.customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body="やはり結構です",
    )
    assert send(agent, seen=str(question.pk)).status_code == 409
    newest = Message.objects.latest("pk")
    assert send(agent, seen=str(newest.pk)).status_code == 201


def test_only_one_member_answers_at_a_time(
    client_of, send, agent, colleague, conversation, question
):
    client = client_of(agent)
    assert save_draft(client, conversation, "確認いたします").status_code == 204
    answer = send(colleague)
    assert answer.status_code == 409
    assert agent.user.name in answer.content.decode()
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


def test_the_right_to_answer_idles_out_and_the_draft_stays(
    client_of, send, agent, colleague, conversation, question
):
    save_draft(client_of(agent), conversation, "確認いたします")
    ComposeLease.objects.update(renewed_at=timezone.now() - timedelta(seconds=91))
    assert send(colleague).status_code == 201
    assert Draft.objects.get(member=agent).body == "確認いたします"


def test_a_supervisor_may_take_over_and_an_agent_may_not(
    client_of, send, agent, colleague, supervisor, conversation, question
):
    save_draft(client_of(agent), conversation, "確認いたします")
    url = reverse("desk:take-over", args=[conversation.pk])
    assert client_of(colleague).post(url).status_code == 403
    assert client_of(supervisor).post(url).status_code == 200
    assert send(supervisor).status_code == 201
    assert Draft.objects.filter(member=agent).exists()


def test_the_next_key_of_the_agent_does_not_undo_the_take_over(
    client_of, send, agent, supervisor, conversation, question
):
    client = client_of(agent)
    save_draft(client, conversation, "確認いたします")
    client_of(supervisor).post(reverse("desk:take-over", args=[conversation.pk]))
    refusal = save_draft(client, conversation, "確認いたしました")
    assert refusal.status_code == 409
    assert supervisor.user.name in refusal.content.decode()
    state = client.get(reverse("desk:composer-state", args=[conversation.pk]))
    assert "data-locked" in state.content.decode()
    assert supervisor.user.name in state.content.decode()
    assert Draft.objects.get(member=agent).body == "確認いたしました"
    assert send(supervisor).status_code == 201


def test_taking_over_what_nobody_holds_any_more_is_holding_it(
    client_of, send, agent, supervisor, conversation, question
):
    url = reverse("desk:take-over", args=[conversation.pk])
    assert client_of(supervisor).post(url).status_code == 200
    assert save_draft(client_of(agent), conversation, "確認します").status_code == 409
    assert send(supervisor).status_code == 201


def test_drafts_are_kept_per_member(
    client_of, agent, colleague, conversation, question
):
    save_draft(client_of(agent), conversation, "わたしの下書き")
    save_draft(client_of(colleague), conversation, "べつの下書き", kind="note")
    page = client_of(agent).get(reverse("desk:conversation", args=[conversation.pk]))
    assert "わたしの下書き" in page.content.decode()
    assert "べつの下書き" not in page.content.decode()


def test_sending_drops_the_draft(client_of, send, agent, conversation, question):
    save_draft(client_of(agent), conversation, "ございます")
    send(agent)
    assert not Draft.objects.exists()
    assert not ComposeLease.objects.exists()


def test_a_note_tells_whom_it_names(send, agent, colleague, question):
    answer = send(agent, body="@鈴木 あかり さん、在庫の確認を", kind="note")
    assert answer.status_code == 201
    note = Message.objects.get(kind=MessageKind.NOTE)
    assert note.direction == Direction.INTERNAL
    assert Notification.objects.get().member == colleague


def test_a_note_never_stops_the_waiting(send, agent, question):
    send(agent, body="確認中", kind="note")
    question.inquiry.refresh_from_db()
    assert question.inquiry.waiting_since is not None


def test_without_a_written_channel_a_reply_is_refused(send, agent, conversation):
    assert send(agent).status_code == 422


def test_reading_marks_the_customers_messages(client_of, agent, conversation, question):
    client_of(agent).post(reverse("desk:read", args=[conversation.pk]))
    question.refresh_from_db()
    assert question.read_at is not None


def test_a_stranger_can_neither_write_nor_read(client_of, stranger, conversation):
    client = client_of(stranger)
    for name in ("compose", "draft", "take-over", "read", "upload"):
        url = reverse(f"desk:{name}", args=[conversation.pk])
        assert client.post(url, {"kind": "note", "body": "x"}).status_code == 404
    assert stranger.role == Role.ADMIN


def test_markup_and_addresses_in_a_message_are_only_text_and_links(
    client_of, agent, conversation, webchat
):
    receive_message(
        conversation.customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body="<script>alert(1)</script> https://example.jp/a?b=1です javascript:alert(1)",
    )
    page = client_of(agent).get(reverse("desk:workspace", args=[conversation.pk]))
    text = page.content.decode()
    assert "<script>alert(1)" not in text
    assert 'href="https://example.jp/a?b=1"' in text
    assert 'href="javascript' not in text


def test_what_stands_beside_the_text_is_kept_with_the_draft(
    client_of, agent, colleague, conversation, question
):
    beside = {
        "via": "1:2",
        "subject": "Re: 4242 4242 4242 4242",
        "cc": ["boss@example.jp", "\0"],
        "html": "<b>ございます</b>",
        "files": ["of-nobody"],
        "is_staff": "1",
    }
    url = reverse("desk:draft", args=[conversation.pk])
    data = {"kind": "reply", "body": "", "beside": json.dumps(beside)}
    assert client_of(agent).post(url, data).status_code == 204
    beside_stored = Draft.objects.get(member=agent).beside
    assert beside_stored["cc"] == ["boss@example.jp", ""]
    assert beside_stored["html"] == "<b>ございます</b>"
    assert "4242 4242" not in beside_stored["subject"]
    assert "is_staff" not in beside_stored
    page = reverse("desk:conversation", args=[conversation.pk])
    mine = client_of(agent).get(page)
    assert mine.context["workspace"].composer.beside["cc"] == ["boss@example.jp", ""]
    assert mine.context["workspace"].composer.beside["files"] == []
    assert "boss@example.jp" not in client_of(colleague).get(page).content.decode()


def test_a_draft_is_kept_whatever_stands_beside_it(
    client_of, agent, conversation, question
):
    url = reverse("desk:draft", args=[conversation.pk])
    for beside in ("{", "[]", '{"cc": 1}', json.dumps({"via": "1:2"})):
        data = {"kind": "reply", "body": "ございます", "beside": beside}
        assert client_of(agent).post(url, data).status_code == 204
        assert Draft.objects.get(member=agent).body == "ございます"
    data = {"kind": "reply", "body": "", "beside": json.dumps({"via": "1:2"})}
    client_of(agent).post(url, data)
    assert not Draft.objects.exists()  # a channel that was only looked at


def test_a_draft_keeps_its_formatting_cleaned_and_beside_its_words(
    client_of, agent, conversation
):
    client = client_of(agent)
    url = reverse("desk:draft", args=[conversation.pk])

    def stored_after(body, **beside):
        data = {"kind": "reply", "body": body, "beside": json.dumps(beside)}
        client.post(url, data)
        draft = Draft.objects.get()
        return draft.body, draft.beside

    html = '<b onclick="x()">太字</b><script>1</script><img src="cid:k@agentdesk">'
    clean = '<b>太字</b><img src="cid:k@agentdesk">'
    assert stored_after("太字", html=html) == ("太字", {"html": clean})
    page = client.get(f"/conversations/{conversation.pk}/")
    assert page.context["workspace"].composer.beside["html"] == clean
    assert "&lt;b&gt;太字&lt;/b&gt;" in page.content.decode()
    assert stored_after("別の言葉") == ("別の言葉", {})
    data = {"subject": "件名", "html": "x" * 500_001}
    assert stored_after("長い", **data) == ("長い", {"subject": "件名"})
    endless = "<div>" * 60_000 + "深い"  # minutes of work for a parser
    assert stored_after("深い", html=endless) == ("深い", {})


def test_a_draft_of_a_picture_alone_is_kept_and_nothing_at_all_is_not(
    client_of, agent, conversation
):
    client = client_of(agent)
    url = reverse("desk:draft", args=[conversation.pk])

    def save(html):
        data = {"kind": "reply", "body": "", "beside": json.dumps({"html": html})}
        client.post(url, data)

    picture = '<img src="cid:k@agentdesk">'
    save(picture)
    assert Draft.objects.get().beside == {"html": picture}
    assert ComposeLease.objects.filter(conversation=conversation).exists()
    save("<div><br></div>")
    assert not Draft.objects.exists()
    assert not ComposeLease.objects.exists()
