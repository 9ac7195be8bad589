"""Mail by the front door: what becomes of it, and what the thread shows."""

import json

import pytest
from django.core.cache import cache

from conversations.choices import EventState
from conversations.models import Attachment, Conversation, MailBody, ProviderEvent
from customers.models import Identity
from tests.conversations.providers.email import ADDRESS, CUSTOMER, posted, raw_mail
from tests.payloads import mails

pytestmark = pytest.mark.django_db

CARD = "4111 1111 1111 1111"
QUOTED = (
    "承知しました。\n\n-- \n山田 花子\n\n2026年11月25日(水) 10:00 こがね洋品店 "
    "<support@kogane.example>:\n> お世話になっております。\n> 在庫がございます。\n"
)


def screen(client_of, agent, conversation, *more):
    path = "/".join(str(one) for one in (conversation.pk, *more))
    return client_of(agent).get(f"/conversations/{path}/")


def test_every_recorded_mail_is_understood_and_the_thread_can_be_drawn(
    box, agent, client_of
):
    for path in mails():
        box.post(posted(path.read_bytes()))
    states = dict(ProviderEvent.objects.values_list("state", "reason"))
    assert set(states) <= {EventState.PROCESSED, EventState.IGNORED}
    assert ProviderEvent.objects.count() == len(mails())
    ignored = ProviderEvent.objects.filter(state=EventState.IGNORED)
    assert set(ignored.values_list("reason", flat=True)) == {
        "a bounce of a mail we did not send"
    }
    cache.clear()
    for conversation in Conversation.objects.all():
        assert screen(client_of, agent, conversation).status_code == 200
        for mail in MailBody.objects.filter(message__conversation=conversation):
            for what in ("whole", "html", "original"):
                answer = screen(
                    client_of, agent, conversation, "messages", mail.message_id, what
                )
                assert answer.status_code == 200


def test_own_words_are_shown_and_quotes_wait_folded(box, agent, client_of):
    message = box.get(text=QUOTED)
    assert message.body == "承知しました。"
    page = screen(client_of, agent, message.conversation).content.decode()
    assert "承知しました。" in page
    assert "在庫がございます" not in page
    whole = screen(
        client_of, agent, message.conversation, "messages", message.pk, "whole"
    ).content.decode()
    assert "在庫がございます" in whole
    assert "山田 花子" in whole


def test_html_is_cleaned_framed_and_blind_to_the_web_until_asked(box, agent, client_of):
    html = (
        '<p onclick="x()">こんにちは</p><script>alert(1)</script>'
        '<img src="https://tracker.example.net/p.gif"><form action="https://x"></form>'
    )
    message = box.get(html=html)
    place = (message.conversation, "messages", message.pk, "html")
    answer = screen(client_of, agent, *place)
    page = answer.content.decode()
    assert "こんにちは" in page
    for hostile in ("<script", "onclick", "<form"):
        assert hostile not in page
    assert ' src="https://tracker' not in page
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert " https:" not in policy.split("style-src")[0].split("img-src")[1].replace(
        " http://testserver/files/", ""
    )
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    address = f"/conversations/{message.conversation_id}/messages/{message.pk}/html/"
    shown = client_of(agent).get(f"{address}?images=1")
    assert 'src="https://tracker.example.net/p.gif"' in shown.content.decode()
    assert "data: https:" in shown["Content-Security-Policy"]


def test_pictures_that_came_along_stand_in_their_place(box, agent, client_of):
    path = "tests/payloads/email/inbound-parsed.json"
    with open(path, "rb") as file:
        box.post(file.read())
    attachment = Attachment.objects.get()
    assert attachment.content_id == "pic1"
    assert attachment.is_image
    message = attachment.message
    page = screen(
        client_of, agent, message.conversation, "messages", message.pk, "html"
    ).content.decode()
    assert f'src="/files/{attachment.key}/"' in page
    assert "cid:" not in page
    assert [one[1] for one in message.data["email"]["cc"]] == ["taro@example.jp"]


@pytest.mark.parametrize("content", ["写真", "\ud800", "", 0, None])
def test_a_parsed_file_that_is_none_is_no_error(box, content):
    with open("tests/payloads/email/inbound-parsed.json", "rb") as file:
        payload = json.load(file)
    payload["Attachments"][0]["Content"] = content
    box.post_json(payload)
    assert ProviderEvent.objects.count() == 1


def test_the_original_can_be_saved_by_those_who_see_the_conversation(
    box, agent, stranger, client_of
):
    message = box.get(text="原文の確認")
    path = f"/conversations/{message.conversation_id}/messages/{message.pk}/original/"
    answer = client_of(agent).get(path)
    assert answer["Content-Type"] == "message/rfc822"
    assert "原文の確認".encode() in answer.content
    assert client_of(stranger).get(path).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"text": f"カードは {CARD} です"},
        {"text": "はい", "html": f"<p>{CARD}</p>"},
        {"subject": f"番号 {CARD}"},
        {"text": "４１１１１１１１１１１１１１１１"},
    ],
)
def test_a_card_number_is_kept_nowhere(box, more):
    message = box.get(**more)
    body = bytes(ProviderEvent.objects.get().body).decode()
    mail = message.mail
    stored = f"{body}{mail.text}{mail.html}{message.data}{message.inquiry.subject}"
    for digits in (CARD, CARD.replace(" ", ""), "４１１１１１"):
        assert digits not in stored + message.body
    assert "1111" in f"{mail.text}{mail.html}{message.inquiry.subject}"


def test_a_card_number_in_a_name_is_kept_nowhere_and_the_mail_stays_whole(box):
    """A boundary, an id and an address may look like one, and are none."""
    number = CARD.replace(" ", "")
    raw = (
        f'From: "{CARD}" <{number}@mail.example.jp>\r\nTo: support@desk.example\r\n'
        f'Cc: a <a@mail.example.jp>, "{CARD}"\r\n <b@mail.example.jp>\r\n'
        f"Message-ID: <{number}@mail.example.jp>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{number}"\r\n\r\n'
        f"--{number}\r\nContent-Type: text/plain\r\n\r\nhello\r\n--{number}\r\n"
        f'Content-Type: application/pdf;\r\n name="{CARD}.pdf"\r\n'
        "Content-Disposition: attachment;\r\n"
        f" filename*=utf-8''{CARD.replace(' ', '%20')}.pdf\r\n\r\n%PDF-1.4\r\n"
        f"--{number}--\r\n"
    )
    message = box.get(raw.encode())
    body = bytes(ProviderEvent.objects.get().body).decode()
    shown = f"{message.data}{message.conversation.customer}"
    files = [one.name for one in message.attachments.all()]
    for digits in (CARD, CARD.replace(" ", "%20")):
        assert digits not in f"{body}{shown}{files}"
    assert message.body == "hello"
    assert message.identity.value == f"{number}@mail.example.jp"
    assert len(files) == 1


def test_masking_changes_nothing_in_a_mail_without_a_card(box):
    raw = raw_mail("番号は 1234 です", fields="X-Odd:   folded\r\n  value\r\n")
    box.get(raw)
    assert bytes(ProviderEvent.objects.get().body).endswith(raw)


def test_the_same_mail_by_another_event_is_one_message(box):
    raw = raw_mail("一度だけ", message_id="once@mail.example.jp")
    assert box.get(raw) is not None
    assert box.get(raw) is None


def test_a_carriers_broken_address_is_a_customer(box):
    message = box.get(sender="a..b.@docomo.ne.jp")
    assert Identity.objects.get().value == "a..b.@docomo.ne.jp"
    assert message.identity.raw == "a..b.@docomo.ne.jp"


def test_a_form_of_the_shop_is_its_customers_word(box):
    message = box.get(sender=ADDRESS, fields="Reply-To: hanako@example.jp\r\n")
    assert message.identity.value == "hanako@example.jp"
    assert message.is_inbound


def test_what_was_sent_from_the_mailbox_elsewhere_is_shown_as_our_reply(box):
    box.get()
    echo = box.get(sender=ADDRESS, to=CUSTOMER, text="別の画面から")
    assert echo.direction == "outbound"
    assert echo.data["elsewhere"] is True
    echo.inquiry.refresh_from_db()
    assert echo.inquiry.waiting_since is None


def test_a_verdict_that_the_sender_wrote_is_no_badge(box, agent, client_of):
    forged = "Authentication-Results: evil.example; dkim=pass; spf=pass\r\n"
    message = box.get(fields=forged)
    assert "auth" not in message.data["email"]
    page = screen(client_of, agent, message.conversation).content.decode()
    assert "差出人を確認済み" not in page


def test_who_may_not_see_the_conversation_gets_no_part_of_its_mail(
    box, stranger, client_of
):
    message = box.get(html="<p>秘密</p>")
    for what in ("whole", "html", "original"):
        place = (message.conversation, "messages", message.pk, what)
        assert screen(client_of, stranger, *place).status_code == 404


def test_a_person_whose_mailer_asks_machines_to_be_silent_is_a_person(
    box, agent, client_of
):
    first = box.get()
    assert "automatic" not in first.data["email"]
    box.get(fields="Auto-Submitted: auto-replied\r\n")
    screen_of = client_of(agent)
    address = f"/conversations/{first.conversation_id}/"
    assert screen_of.get(address).content.decode().count("自動返信") == 1
    received = box.get(
        text="届きました", fields="X-Auto-Response-Suppress: DR, OOF, AutoReply\r\n"
    )
    assert "automatic" not in received.data["email"]
    assert screen_of.get(address).content.decode().count("自動返信") == 1
