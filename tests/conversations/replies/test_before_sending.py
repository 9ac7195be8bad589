"""A reply with something wrong is asked about, once, and sent if that is meant."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel, Direction, MessageKind
from conversations.models import (
    Attachment,
    InboxConnection,
    Message,
    WebChatSettings,
    WordList,
)
from tests.factories.accounts import ClientAccountFactory
from tests.factories.conversations import InboxFactory, QueueFactory, WebChatFactory
from tests.receiving import receive_message


@pytest.fixture(autouse=True)
def question(conversation, webchat):
    return receive_message(
        conversation.customer, inbox=webchat, channel=Channel.WEBCHAT, body="質問です"
    ).message


@pytest.fixture
def send(client_of, agent, conversation):
    def sending(body, kind="reply", **fields):
        data = {"client_id": str(uuid4()), "kind": kind, "body": body} | fields
        url = reverse("desk:compose", args=[conversation.pk])
        return client_of(agent).post(url, data)

    return sending


def replies() -> list[str]:
    rows = Message.objects.filter(direction=Direction.OUTBOUND).order_by("pk")
    return list(rows.values_list("body", flat=True))


def kinds(answer) -> list[str]:
    assert answer.status_code == 409
    return [str(warning.kind) for warning in answer.context["check"].warnings]


def test_a_warned_reply_waits_until_it_is_confirmed(send, agent):
    text = "資料を添付いたします"
    answer = send(text)
    assert kinds(answer) == ["attachment"]
    assert answer.headers["HX-Trigger-After-Swap"] == "composer-warned"
    assert "<mark>添付</mark>" in answer.content.decode()
    assert replies() == []
    token, client_id = answer.context["check"].token, str(uuid4())
    for _twice in range(2):
        sent = send(text, confirmed=token, client_id=client_id)
        assert sent.status_code == 201
    assert replies() == [text]
    entry = AuditEntry.objects.get(action="message.warned")
    assert (entry.actor, entry.after) == (agent.user, {"warnings": ["attachment"]})


def test_a_changed_text_is_asked_about_again(send):
    token = send("資料を添付いたします").context["check"].token
    assert kinds(send("別の資料を添付いたします", confirmed=token)) == ["attachment"]
    assert kinds(send("資料を添付いたします", confirmed="x")) == ["attachment"]
    assert replies() == []


def test_the_file_that_is_there_ends_the_question(send, agent, conversation):
    file = ContentFile(b"a", "a.txt")
    attachment = Attachment.objects.create(
        account=conversation.account,
        conversation=conversation,
        uploaded_by=agent,
        file=file,
        name="a.txt",
        content_type="text/plain",
        size=1,
    )
    assert send("資料を添付いたします", file=attachment.key).status_code == 201
    assert not AuditEntry.objects.filter(action="message.warned").exists()


def test_another_company_is_noticed_by_what_it_has_set_up(send, other_account):
    other_account.phone_number = "+81355500211"
    other_account.save()
    WebChatFactory(inbox__account=other_account)
    WebChatSettings.objects.filter(inbox__account=other_account).update(
        allowed_origins=["https://www.hinata.example.com"]
    )
    for text in ("ひなた台所道具です", "hinata.example.comへ", "03-5550-0211まで"):
        answer = send(text)
        assert kinds(answer) == ["account"]
        assert other_account.name in answer.content.decode()
    assert send("こがね洋品店です").status_code == 201


def test_another_company_is_noticed_by_the_addresses_of_its_inboxes(
    send, other_account, account
):
    queue = QueueFactory(account=other_account)
    for channel, address, typed in (
        ("email", "", "Info@hinata.example.jp"),
        ("email", "hinata.kitchen@gmail.com", ""),
        ("sms", "+815055501234", ""),
        ("line", "@hinata", ""),
    ):
        inbox = InboxFactory(account=other_account, queue=queue, channel=channel)
        InboxConnection.objects.create(
            inbox=inbox, address=address, settings={"address": typed} if typed else {}
        )
    for text in (
        "info@hinata.example.jpへ",
        "https://hinata.example.jp/ をご覧ください",
        "hinata.kitchen@gmail.comまで",
        "050-5550-1234へおかけください",
        "LINEは@hinataです",
    ):
        assert kinds(send(text)) == ["account"], text
    assert send("someone@gmail.comに送りました").status_code == 201  # anybody's


def test_an_ordinary_reply_costs_no_more_queries_with_more_companies(
    send,
):
    with CaptureQueriesContext(connection) as few:
        send("ございます")
    for _company in range(12):
        ClientAccountFactory()
    with CaptureQueriesContext(connection) as many:
        send("ございます。")
    assert len(many) <= len(few)


def test_a_greeting_of_somebody_else_is_told_with_the_customers_name(
    send, conversation, webchat
):
    answer = send("田中様\n\nお世話になっております。")
    assert kinds(answer) == ["addressee"]
    page = answer.content.decode()
    assert "<mark>田中様</mark>" in page
    assert "山田 太郎 様" in page
    assert send("山田様\n\nお世話になっております。").status_code == 201
    assert send("田中様に折り返す", kind="note").status_code == 201


def test_whom_the_customer_speaks_of_may_be_greeted(send, conversation, webchat):
    receive_message(
        conversation.customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body="妻の田中洋子から返信します",
    )
    assert send("田中様\n\nお世話になっております。").status_code == 201


def test_a_customer_without_a_name_may_be_greeted_by_any(send, conversation):
    customer = conversation.customer
    customer.family_name = customer.given_name = ""
    customer.family_kana = customer.given_kana = ""
    customer.save()
    assert send("田中様\n\nお世話になっております。").status_code == 201


def test_words_of_the_list_are_told_with_the_better_one(send, account, other_account):
    WordList.objects.create(account=account, lines=["了解しました → 承知いたしました"])
    WordList.objects.create(account=other_account, lines=["ございます"])
    answer = send("了解しました")
    assert kinds(answer) == ["word"]
    assert "承知いたしました" in answer.content.decode()
    assert send("ございます").status_code == 201


def test_the_place_is_counted_as_browsers_count(send):
    page = send("😀𠮷野様\r\n\r\n【要入力：日時】まで").content.decode()
    assert 'data-start="8" data-end="16"' in page


def test_a_note_is_asked_about_cards_only(send, other_account):
    assert send("ひなた台所道具の資料を添付", kind="note").status_code == 201
    answer = send("4242 4242 4242 4242", kind="note")
    assert kinds(answer) == ["card"]
    assert "4242 4242" not in answer.content.decode()
    token = answer.context["check"].token
    sent = send("4242 4242 4242 4242", kind="note", confirmed=token)
    assert sent.status_code == 201
    assert (
        Message.objects.filter(kind=MessageKind.NOTE).latest("pk").body.startswith("•")
    )
