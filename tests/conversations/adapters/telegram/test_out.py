"""What goes to Telegram, and what it refuses."""

import pytest

from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.simulation.base import Fault
from conversations.adapters.telegram.client import TelegramClient
from conversations.choices import DeliveryState, FailureCode
from conversations.models import Delivery
from tests.conversations.line import picture, upload

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(telegram):
    return telegram.write().conversation


@database
def test_a_reply_arrives_and_is_known_by_chat_and_number(telegram, conversation, reply):
    written = reply(conversation)
    assert telegram.seen() == ["ただいま確認いたします。"]
    assert written.state == DeliveryState.SENT
    chat, _colon, number = written.provider_message_id.partition(":")
    assert (chat, number) == (written.identity.value, telegram.simulator.lines[-1].id)


@database
def test_a_picture_goes_with_its_words_below_it(telegram, conversation, reply, agent):
    key = upload(agent, conversation, "photo.png", picture()).json()["key"]
    reply(conversation, "こちらです", file=key)
    (sent,) = telegram.sent()
    assert sent["caption"] == "こちらです"
    assert list(sent["_files"]) == ["photo"]


@database
def test_words_too_long_for_a_caption_go_before_the_picture(
    telegram, conversation, reply, agent
):
    key = upload(agent, conversation, "photo.png", picture()).json()["key"]
    reply(conversation, "あ" * 1025, file=key)
    text, sent = telegram.sent()
    assert len(text["text"]) == 1025
    assert "caption" not in sent


@database
def test_a_document_keeps_its_name(telegram, conversation, reply, agent):
    content = b"%PDF-1.4\n%%EOF\n"
    key = upload(agent, conversation, "領収書.pdf", content).json()["key"]
    reply(conversation, "", file=key)
    body, name, _kind = telegram.sent()[0]["_files"]["document"]
    assert (name, body) == ("領収書.pdf", content)


@database
def test_a_long_text_goes_in_pieces_of_4096_at_most(telegram, conversation, reply):
    reply(conversation, "一文です。" * 1000)
    sizes = [len(one["text"]) for one in telegram.sent()]
    assert len(sizes) == 2
    assert max(sizes) <= 4096


@database
def test_a_quote_answers_the_customers_own_message(telegram, conversation, reply):
    question = telegram.write("色は選べますか")
    reply(conversation, "はい。", quoted=question.pk)
    (sent,) = telegram.sent()
    number = int(question.provider_message_id.rpartition(":")[2])
    assert sent["reply_parameters"] == {
        "message_id": number,
        "allow_sending_without_reply": True,
    }


@database
def test_who_has_blocked_the_bot_gets_nothing_and_it_is_said(
    telegram, conversation, reply
):
    telegram.simulator.blocked.add(telegram.simulator.chat_of("1"))
    written = reply(conversation)
    assert written.state == DeliveryState.FAILED
    assert Delivery.objects.get(message=written).failure == FailureCode.BLOCKED


@database
def test_too_many_at_once_are_tried_again_when_telegram_says(
    telegram, conversation, reply
):
    telegram.simulator.faults.append(Fault(status=429, retry_after=7))
    written = reply(conversation)
    assert written.state == DeliveryState.QUEUED
    assert telegram.seen() == []


@database
def test_a_request_without_an_answer_is_not_sent_again(telegram, conversation, reply):
    """Telegram takes no key of ours: the same again would be a second message."""
    telegram.simulator.faults.append(Fault(is_cut=True))
    written = reply(conversation)
    assert written.state == DeliveryState.UNKNOWN
    assert len(telegram.seen()) == 1


@pytest.mark.parametrize(
    ("status", "description", "code"),
    [
        (400, "Bad Request: chat not found", FailureCode.RECIPIENT),
        (400, "Bad Request: message is too long", FailureCode.TOO_LONG),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", FailureCode.FILE_KIND),
        (401, "Unauthorized", FailureCode.CREDENTIALS),
        (403, "Forbidden: user is deactivated", FailureCode.RECIPIENT),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            FailureCode.RECIPIENT,
        ),
        (404, "Not Found", FailureCode.CREDENTIALS),
        (413, "Request Entity Too Large", FailureCode.FILE_SIZE),
    ],
)
def test_a_refusal_is_final_and_says_why(httpserver, status, description, code):
    answer = {"ok": False, "error_code": status, "description": description}
    httpserver.expect_request("/bot1:a/sendMessage").respond_with_json(
        answer, status=status
    )
    api = httpserver.url_for("").rstrip("/")
    client = TelegramClient(Connection("key", secrets={"bot_token": "1:a"}, api=api))
    with pytest.raises(SendError) as refused:
        client.call("sendMessage", {"text": "…"})
    assert (refused.value.code, refused.value.permanent) == (code, True)
    assert "1:a" not in str(refused.value)
