"""How a reply leaves as a mail, over a real SMTP server."""

import re

import pytest

from conversations.adapters.email.token import read_token
from conversations.choices import DeliveryState, FailureCode
from conversations.models import DeliveryAttempt, Message
from tests.conversations.adapters.email.mailbox import delivery_of, sent
from tests.conversations.adapters.email.smtp_sink import Sink, running
from tests.conversations.providers.email import (
    ADDRESS,
    CUSTOMER,
    PROVIDER,
    posted,
    raw_mail,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with running() as sink:
        yield sink


@pytest.fixture
def smtp(server, box, settings) -> Sink:
    """The inbox reads what a provider posts, and sends over the server."""
    settings.ALLOW_PRIVATE_ADDRESSES = True
    server.raws, server.envelopes, server.refusals = [], [], {}
    server.after_data, server.is_cutting = "", False
    box.sending = {
        "kind": "imap",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(server.port),
        "smtp_security": "none",
    }
    return server


def received(box, **more) -> Message:
    """A mail of a customer; from then on the inbox sends over SMTP."""
    box.set(kind="postmark")
    message = box.get(**more)
    box.set(**box.sending)
    return message


def test_a_reply_is_a_mail_in_the_thread_of_the_one_it_answers(box, agent, smtp):
    message = received(
        box,
        subject="RE: 返信: 在庫①について",
        message_id="q1@mail.example.jp",
        fields="References: <a@x> <b@x>\r\n",
    )
    assert box.reply(agent, "在庫がございます。①㈱").status_code == 201
    mail, ours = smtp.last(), sent(message.conversation)
    assert ours.state == DeliveryState.SENT
    assert mail["Subject"] == "Re: 在庫①について"
    assert mail["From"] == f"こがね洋品店 <{ADDRESS}>"
    assert mail["To"] == CUSTOMER
    assert mail["In-Reply-To"] == "<q1@mail.example.jp>"
    assert mail["References"].split() == ["<a@x>", "<b@x>", "<q1@mail.example.jp>"]
    assert mail["Message-ID"] == f"<{delivery_of(ours).provider_message_ids[0]}>"
    assert mail["Auto-Submitted"] is None
    body = mail.get_body(("plain",))
    assert body.get_content_charset() == "utf-8"
    text = body.get_content()
    assert text.startswith("在庫がございます。①㈱")
    assert "\n> 届きません" in text
    assert "山田 花子 <hanako@example.jp>" in text
    assert smtp.envelopes == [(ADDRESS, [CUSTOMER])]


def greeted(box) -> None:
    box.inbox.connection.greeting = "お問い合わせを受け付けました。"
    box.inbox.connection.save(update_fields=["greeting"])


def test_what_an_inbox_says_by_itself_is_marked_so_that_no_machine_answers_it(
    box, smtp
):
    greeted(box)
    with box.committing(execute=True):  # it is read behind the last line
        PROVIDER.post(box.inbox, posted(raw_mail(subject="在庫について")))
        box.set(**box.sending)
    mail = smtp.last()
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Subject"] == "Re: 在庫について"
    assert mail["In-Reply-To"]
    assert mail["Message-ID"] != "<>"
    text = mail.get_body(("plain",)).get_content()
    assert text.strip() == "お問い合わせを受け付けました。"


@pytest.mark.parametrize(
    "more",
    [
        {"fields": "Auto-Submitted: auto-replied\r\n"},
        {"fields": "List-Id: <news.example.jp>\r\n"},
        {"subject": "自動返信: 不在のお知らせ"},
        {"fields": "X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n"},
    ],
)
def test_mail_of_a_machine_is_never_greeted(box, more):
    greeted(box)
    box.set(kind="postmark")
    assert box.get(**more) is not None
    assert not Message.objects.filter(direction="outbound").exists()


def test_the_signature_of_the_inbox_stands_above_the_quote_and_folds(
    box, agent, smtp, client_of
):
    message = received(box)
    box.inbox.connection.signature = "こがね洋品店\nTEL 03-0000-0000"
    box.inbox.connection.save(update_fields=["signature"])
    box.reply(agent, "承知しました。")
    text = smtp.last().get_body(("plain",)).get_content()
    assert text.index("-- \nこがね洋品店") < text.index("> 届きません")
    page = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    assert "TEL 03-0000-0000" not in page.content.decode()


def test_answers_come_back_to_a_signed_address_where_the_server_knows_them(
    box, agent, smtp
):
    message = received(box)
    box.set(plus_addresses="yes", subject_mark="yes")
    box.reply(agent)
    local = smtp.last()["Reply-To"].addresses[0].username
    token = local.removeprefix("support+")
    assert token == token.lower()
    assert len(local) <= 64
    mark = read_token(token)
    assert (mark.kind, mark.number) == ("c", message.inquiry_id)
    assert f"[#{token}]" in smtp.last()["Subject"]


def test_without_plus_addresses_there_is_no_reply_to(box, agent, smtp):
    received(box)
    box.reply(agent)
    assert smtp.last()["Reply-To"] is None


def test_a_long_chain_keeps_its_first_and_its_newest(box, agent, smtp):
    chain = " ".join(f"<r{number}@x>" for number in range(50))
    received(box, fields=f"References: {chain}\r\n", message_id="last@x")
    box.reply(agent)
    references = smtp.last()["References"].split()
    assert len(references) == 21
    assert (references[0], references[-1], references[-2]) == (
        "<r0@x>",
        "<last@x>",
        "<r49@x>",
    )


def test_an_inbox_may_write_iso_2022_jp_and_falls_back_where_it_cannot(
    box, agent, smtp
):
    received(box, subject="半角と全角")
    box.set(charset="iso-2022-jp")
    box.reply(agent, "承知しました。", subject="")
    raw = smtp.raws[-1]
    assert smtp.last().get_body(("plain",)).get_content_charset() == "iso-2022-jp"
    assert b"=?iso-2022-jp?" in raw
    assert b"\x1b$B" in raw
    assert "承知しました。" in smtp.last().get_body(("plain",)).get_content()
    box.reply(agent, "髙橋①😀")
    assert smtp.last().get_body(("plain",)).get_content_charset() == "utf-8"
    assert "髙橋①😀" in smtp.last().get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("answer", "state", "failure"),
    [
        ("550 5.1.1 no such user", "failed", FailureCode.RECIPIENT),
        ("552 5.2.2 mailbox full", "failed", FailureCode.MAILBOX_FULL),
        ("550 5.7.1 looks like spam", "failed", FailureCode.SPAM),
        ("450 4.2.0 greylisted", "queued", FailureCode.EXPIRED),
        ("550 unknown", "failed", FailureCode.RECIPIENT),
    ],
)
def test_what_the_server_says_of_a_recipient_decides(
    box, agent, smtp, answer, state, failure
):
    message = received(box)
    smtp.refusals = {CUSTOMER: answer}
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == (state, failure)
    assert answer[:3] in DeliveryAttempt.objects.get().detail
    assert not smtp.raws


def test_a_mail_refused_after_its_words_may_be_tried_again(box, agent, smtp):
    message = received(box)
    smtp.after_data = "451 4.3.0 try later"
    box.reply(agent)
    assert sent(message.conversation).state == DeliveryState.QUEUED


def test_a_connection_cut_after_the_words_is_unknown_and_not_repeated(box, agent, smtp):
    message = received(box)
    smtp.is_cutting = True
    box.reply(agent)
    ours = sent(message.conversation)
    assert ours.state == DeliveryState.UNKNOWN
    assert len(smtp.raws) == 1


def test_one_of_several_recipients_refused_is_named_and_the_others_have_it(
    box, agent, smtp, client_of
):
    message = received(box)
    smtp.refusals = {"gone@example.jp": "550 5.1.1 no such user"}
    box.reply(agent, cc=["taro@example.jp", "gone@example.jp"])
    ours = sent(message.conversation)
    assert ours.state == DeliveryState.SENT
    assert smtp.envelopes == [(ADDRESS, [CUSTOMER, "taro@example.jp"])]
    page = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    assert re.search(r"[^<]*gone@example\.jp[^<]*</div>", page.content.decode())


def test_bcc_is_written_to_and_told_to_nobody(box, agent, smtp):
    received(box)
    box.reply(agent, bcc=["boss@kogane.example"], cc=["taro@example.jp"])
    assert smtp.envelopes[0][1] == [CUSTOMER, "taro@example.jp", "boss@kogane.example"]
    assert b"boss@kogane.example" not in smtp.raws[0]
    assert smtp.last()["Cc"] == "taro@example.jp"


def test_a_wrong_password_is_a_matter_of_the_set_up(box, agent, smtp):
    message = received(box)
    box.secret(password="wrong")
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == ("failed", FailureCode.CREDENTIALS)
    box.secret(password="right")
    box.reply(agent)
    assert sent(message.conversation).state == DeliveryState.SENT


def test_nothing_is_sent_into_private_ranges(box, agent, smtp, settings):
    message = received(box)
    settings.ALLOW_PRIVATE_ADDRESSES = False
    box.set(smtp_security="tls")
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == ("failed", FailureCode.SET_UP)
    assert not smtp.raws


def test_passwords_go_unencrypted_only_where_the_installation_allows_it(
    box, agent, smtp, settings
):
    message = received(box)
    settings.ALLOW_PRIVATE_ADDRESSES = False
    box.reply(agent)
    assert sent(message.conversation).failure == FailureCode.SET_UP
    assert not smtp.envelopes


def test_the_reply_to_of_a_customer_is_where_the_answer_goes(box, agent, smtp):
    received(box, fields="Reply-To: work@example.jp\r\n")
    box.reply(agent)
    assert smtp.envelopes[0][1] == ["work@example.jp"]


def test_a_carriers_broken_address_is_written_to_as_it_is(box, agent, smtp):
    received(box, sender="a..b.@docomo.ne.jp")
    box.reply(agent)
    assert smtp.envelopes[0][1] == ["a..b.@docomo.ne.jp"]
    assert b"a..b.@docomo.ne.jp" in smtp.raws[0]


def test_formatting_that_would_keep_a_parser_busy_leaves_as_its_words_alone(
    box, agent, smtp
):
    received(box)
    box.reply(agent, "在庫がございます", html="<div>" * 60_000 + "在庫がございます")
    mail = smtp.last()
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().startswith("在庫がございます")
