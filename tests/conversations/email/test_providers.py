"""What SendGrid, Mailgun and Amazon post, told apart from what somebody forges."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import pytest
from django.test import Client

from conversations.adapters.email import subscription
from conversations.adapters.email.subscription import is_amazons
from conversations.models import Message, ProviderEvent
from conversations.models.connection import InboxRefusals
from tests.conversations.email.mailbox import delivery_of, sent
from tests.conversations.providers.email import ADDRESS, PROVIDER, raw_mail

pytestmark = pytest.mark.django_db
SECRET = PROVIDER.secrets["webhook_secret"]
KEY = "key-of-the-test-that-signs"


class Caller:
    def __init__(self, box) -> None:
        self.box = box

    def post(self, body, content_type, *, query="", **headers) -> int:
        path = f"/hooks/{self.box.inbox.key}/{query}"
        with self.box.committing(execute=True):
            answer = Client().post(
                path, body, content_type=content_type, headers=headers
            )
        return answer.status_code

    def form(self, fields: dict[str, bytes], *, query="", files=()) -> int:
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for name, value in fields.items()
        ]
        parts += [
            f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.txt"\r\n'
            "Content-Type: text/plain\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files
        ]
        body = b"".join([*parts, b"--b--\r\n"])
        return self.post(body, "multipart/form-data; boundary=b", query=query)


@pytest.fixture
def caller(box) -> Caller:
    return Caller(box)


def only_message() -> Message:
    return Message.objects.get(kind="text")


def sjis(text="半角ｶﾅと①") -> bytes:
    """Raw 8-bit Shift_JIS, which no text field survives."""
    raw = raw_mail("@@", subject="テスト").replace(
        b"charset=utf-8", b"charset=shift_jis"
    )
    return raw.replace(b"@@", text.encode("cp932"))


def signed(token="t" * 50, at=None, key=KEY) -> dict[str, bytes]:
    told = str(int(at or time.time()))
    digest = hmac.new(key.encode(), (told + token).encode(), hashlib.sha256)
    return {
        "timestamp": told.encode(),
        "token": token.encode(),
        "signature": digest.hexdigest().encode(),
    }


# --- SendGrid ---
def test_sendgrids_raw_mail_is_kept_byte_for_byte(box, caller):
    box.set(kind="sendgrid")
    envelope = json.dumps({"from": "h@example.jp", "to": [ADDRESS]}).encode()
    raw = sjis()
    fields = {
        "email": raw,
        "envelope": envelope,
        "SPF": b"pass",
        "dkim": b"{@example.jp : pass}",
    }
    assert caller.form(fields, query=f"?secret={SECRET}") == 200
    message = only_message()
    assert message.body == "半角ｶﾅと①"
    assert message.data["email"]["auth"] == {"spf": "pass", "dkim": "pass"}
    assert bytes(ProviderEvent.objects.get().body).endswith(raw)


def test_sendgrids_parsed_mail_is_put_together_again(box, caller):
    box.set(kind="sendgrid")
    fields = {
        "headers": (
            b"Message-ID: <p1@x>\nFrom: =?utf-8?b?5bGx55Sw?= <h@example.jp>\n"
            b"Subject: =?utf-8?b?5Lu25ZCN?=\n"
        ),
        "to": ADDRESS.encode(),
        "subject": "件名".encode(),
        "text": "本文です".encode(),
        "html": "<p>本文です</p>".encode(),
        "charsets": json.dumps({"text": "utf-8", "html": "utf-8"}).encode(),
        "envelope": json.dumps({"from": "h@example.jp", "to": [ADDRESS]}).encode(),
        "attachment-info": json.dumps({"attachment1": {"filename": "a.txt"}}).encode(),
    }
    files = [("attachment1", "添付".encode())]
    assert caller.form(fields, query=f"?secret={SECRET}", files=files) == 200
    message = only_message()
    assert (message.body, message.data["email"]["subject"]) == ("本文です", "件名")
    assert message.mail.html == "<p>本文です</p>"
    assert message.attachments.get().file.read() == "添付".encode()


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=wrong"])
@pytest.mark.parametrize("kind", ["sendgrid", "postmark", "ses"])
def test_without_the_secret_of_the_address_nothing_gets_in(box, caller, kind, query):
    box.set(kind=kind)
    assert caller.form({"email": raw_mail()}, query=query) == 403
    assert not ProviderEvent.objects.exists()
    assert InboxRefusals.objects.get().count == 1


# --- Mailgun ---
def test_mailguns_raw_mail_and_a_repetition(box, caller):
    box.set(kind="mailgun")
    box.secret(signing_key=KEY)
    fields = {**signed(), "body-mime": sjis(), "recipient": ADDRESS.encode()}
    assert caller.form(fields) == 200
    assert caller.form(fields) == 200
    assert only_message().body == "半角ｶﾅと①"
    assert ProviderEvent.objects.count() == 1


def test_mailguns_form_without_files_is_urlencoded(box, caller):
    box.set(kind="mailgun")
    box.secret(signing_key=KEY)
    headers = [
        ["From", "山田 <h@example.jp>"],
        ["To", ADDRESS],
        ["Subject", "件名"],
        ["Message-Id", "<p2@x>"],
    ]
    told = {name: value.decode() for name, value in signed().items()}
    told |= {
        "message-headers": json.dumps(headers),
        "body-plain": "本文です",
        "recipient": ADDRESS,
    }
    status = caller.post(urlencode(told), "application/x-www-form-urlencoded")
    assert status == 200
    assert only_message().body == "本文です"


@pytest.mark.parametrize(
    "fields",
    [
        signed(key="another-key"),
        signed(at=1_600_000_000),
        {**signed(), "token": b"u" * 50},
        {},
    ],
)
def test_mailguns_forged_and_old_requests_are_refused(box, caller, fields):
    box.set(kind="mailgun")
    box.secret(signing_key=KEY)
    assert caller.form({**fields, "body-mime": raw_mail()}) == 403
    assert not ProviderEvent.objects.exists()


# --- Amazon SES ---
def notice(**told) -> bytes:
    base = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:x:1:t",
    }
    return json.dumps({**base, **told}).encode()


def received(raw: bytes) -> str:
    return json.dumps(
        {
            "notificationType": "Received",
            "mail": {"messageId": "ses-1", "source": "h@example.jp"},
            "receipt": {
                "recipients": [ADDRESS],
                "spfVerdict": {"status": "PASS"},
                "dkimVerdict": {"status": "FAIL"},
                "action": {"type": "SNS", "encoding": "BASE64"},
            },
            "content": base64.b64encode(raw).decode(),
        }
    )


def test_amazons_mail_comes_with_its_verdicts(box, caller):
    box.set(kind="ses")
    body = notice(Message=received(sjis()))
    query = f"?secret={SECRET}"
    assert caller.post(body, "text/plain", query=query) == 200
    assert caller.post(body, "text/plain", query=query) == 200
    assert only_message().body == "半角ｶﾅと①"
    assert only_message().data["email"]["auth"] == {"spf": "pass", "dkim": "fail"}


def test_amazons_subscription_is_confirmed_at_amazon_alone(box, caller, monkeypatch):
    asked = []

    class Called:
        def __enter__(self):
            return self

        def __exit__(self, *_said):
            return None

        def get(self, address):
            asked.append(address)
            return self

        def raise_for_status(self):
            return None

    monkeypatch.setattr(subscription.outbound, "client", Called)
    box.set(kind="ses")
    good = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription"
    for address, status in ((good, 200), ("https://evil.example/?x", 403)):
        body = notice(Type="SubscriptionConfirmation", SubscribeURL=address)
        assert caller.post(body, "text/plain", query=f"?secret={SECRET}") == status
    assert asked == [good]


@pytest.mark.parametrize(
    "address",
    [
        "http://sns.eu-west-1.amazonaws.com/",
        "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://evil.example/sns.amazonaws.com",
        "https://s3.amazonaws.com/bucket",
        "https://sns.x.amazonaws.com@evil.example/",
        "https://sns.eu-west-1.amazonaws.com:8443/",
        "not an address",
    ],
)
def test_what_only_looks_like_amazon_is_not(address):
    assert not is_amazons(address)


# --- receipts ---
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "sendgrid",
            [
                {
                    "event": "delivered",
                    "smtp-id": "<ID>",
                    "email": "h@x.jp",
                    "timestamp": 1,
                }
            ],
        ),
        (
            "mailgun",
            {
                "event-data": {
                    "event": "delivered",
                    "id": "e1",
                    "timestamp": 1,
                    "recipient": "h@x.jp",
                    "message": {"headers": {"message-id": "ID"}},
                }
            },
        ),
    ],
)
def test_a_receipt_moves_our_reply_on(box, agent, esp, caller, kind, body):
    message = box.get()
    box.reply(agent)
    ours = sent(message.conversation)
    message_id = delivery_of(ours).provider_message_ids[-1]
    box.set(kind=kind)
    box.secret(signing_key=KEY if kind == "mailgun" else "")
    if kind == "mailgun":
        body["signature"] = {name: one.decode() for name, one in signed().items()}
    told = json.dumps(body).replace("ID", message_id)
    assert caller.post(told, "application/json", query=f"?secret={SECRET}") == 200
    ours.refresh_from_db()
    assert ours.state == "delivered"


@pytest.mark.parametrize("kind", ["sendgrid", "mailgun", "ses"])
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data"])
def test_what_is_no_form_of_theirs_waits_or_is_refused_and_never_fails(
    box, caller, kind, content_type
):
    box.set(kind=kind)
    box.secret(signing_key=KEY)
    for body in (b"", b"{", b"[1]", b"null", b'{"signature": 1}', b"--b\r\n\r\n"):
        status = caller.post(body, content_type, query=f"?secret={SECRET}")
        assert status in {200, 403}
    assert not Message.objects.exists()
