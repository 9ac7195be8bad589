"""Postmark stands for all: it posts JSON, and takes mail by its interface."""

import base64
import itertools
import json
from datetime import UTC, datetime
from email.utils import format_datetime

from conversations.choices import Channel
from tests.conversations.providers.base import Provider

CUSTOMER = "hanako@example.jp"
ADDRESS = "support@kogane.example"
_numbers = itertools.count(1)


def sign(body, url, secrets):
    pair = base64.b64encode(f"agentdesk:{secrets['webhook_secret']}".encode())
    return {"Authorization": f"Basic {pair.decode()}"}


def raw_mail(
    text="届きません",
    *,
    sender=CUSTOMER,
    name="山田 花子",
    to=ADDRESS,
    subject="商品について",
    message_id="",
    at=None,
    fields="",
    html="",
) -> bytes:
    """A mail as it stands in a mailbox; `fields` are more lines of its header."""
    message_id = message_id or f"m{next(_numbers)}@mail.example.jp"
    head = (
        f"Received: from mail.example.jp by mx.kogane.example; now\r\n"
        f"From: {name} <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Date: {format_datetime(at or datetime.now(UTC))}\r\n"
        f"Message-ID: <{message_id}>\r\n{fields}MIME-Version: 1.0\r\n"
    )
    if not html:
        body = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    else:
        body = (
            "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
            f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
            f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
        )
    return (head + body).encode()


def posted(raw: bytes, *, id="", route=ADDRESS) -> bytes:
    """A raw mail as Postmark posts it."""
    payload = {
        "MessageID": id or f"postmark-{next(_numbers)}",
        "OriginalRecipient": route,
        "FromFull": {"Email": CUSTOMER, "Name": "", "MailboxHash": ""},
        "RawEmail": raw.decode("utf-8", "surrogateescape"),
    }
    return json.dumps(payload).encode()


def write(text, *, id="", sender=CUSTOMER, at=None, token=""):
    return posted(raw_mail(text, sender=sender, message_id=id, at=at))


PROVIDER = Provider(
    channel=Channel.EMAIL,
    secrets={
        "webhook_secret": "secret-of-the-address-of-the-webhook",
        "server_token": "token-of-the-test",
    },
    settings={"kind": "postmark", "address": ADDRESS, "from_name": "こがね洋品店"},
    sign=sign,
    write=write,
    accepted=(
        200,
        {
            "To": CUSTOMER,
            "SubmittedAt": "2026-11-25T10:00:00Z",
            "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
            "ErrorCode": 0,
            "Message": "OK",
        },
    ),
    refused=(401, {"ErrorCode": 10, "Message": "The token is not valid"}),
    message_ids=("b7bc2f4a-e38e-4336-af7d-e6c392c2f817",),
)
