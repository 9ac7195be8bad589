"""What SendGrid, Mailgun and Amazon post, told apart from what somebody forges."""

import base64
import json
from urllib.parse import urlencode

import pytest

from conversations.adapters.email import subscription
from conversations.adapters.email.subscription import is_amazons
from conversations.models import ProviderEvent
from conversations.models.connection import InboxRefusals
from tests.conversations.email.caller import KEY, SECRET, only_message, signed, sjis
from tests.conversations.providers.email import ADDRESS, raw_mail

pytestmark = pytest.mark.django_db


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
