"""What SendGrid and Mailgun post, told apart from what somebody forges."""

import base64
import json
import time
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conversations.models import ProviderEvent
from conversations.models.connection import InboxRefusals
from tests.conversations.adapters.email.caller import (
    KEY,
    SECRET,
    only_message,
    signed,
    sjis,
)
from tests.conversations.providers.email import ADDRESS, raw_mail
from tests.effort import assert_effort_below

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
    assert message.data["email"]["auth"] == {
        "spf": "pass",
        "spf_domain": "example.jp",
        "dkim": "pass",
        "dkim_domains": ["example.jp"],
        "sender": "confirmed",
    }
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


def signed_by_sendgrid(box, body: bytes, *, secret: str) -> dict[str, str]:
    """The headers of a request that is signed with a key made for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    box.secret(**{secret: base64.b64encode(public).decode()})
    at = str(int(time.time()))
    signature = key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": at,
    }


def test_where_sendgrid_signs_inbound_mail_only_signed_mail_gets_in(box, caller):
    box.set(kind="sendgrid")
    kind = "multipart/form-data; boundary=b"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
        + raw_mail("署名付き")
        + b"\r\n--b--\r\n"
    )
    headers = signed_by_sendgrid(box, body, secret="inbound_key")
    query = f"?secret={SECRET}"
    assert caller.post(body, kind, query=query) == 403
    forged = body.replace(b"example.jp", b"example.com")
    assert caller.post(forged, kind, query=query, **headers) == 403
    assert not ProviderEvent.objects.exists()
    assert InboxRefusals.objects.get().count == 2
    assert caller.post(body, kind, query=query, **headers) == 200
    assert only_message().body == "署名付き"


def test_the_key_of_sendgrids_receipts_is_another_one(box, caller):
    box.set(kind="sendgrid")
    body = json.dumps([{"event": "processed", "email": "h@x.jp", "timestamp": 1}])
    headers = signed_by_sendgrid(box, body.encode(), secret="signing_key")
    query = f"?secret={SECRET}"
    assert caller.post(body, "application/json", query=query) == 403
    assert caller.post(body, "application/json", query=query, **headers) == 200
    assert caller.form({"email": raw_mail()}, query=query) == 200


@pytest.mark.parametrize("query", ["", "?secret=", "?secret=wrong"])
@pytest.mark.parametrize("kind", ["sendgrid", "postmark"])
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
    form = {name: value.decode() for name, value in signed().items()}
    form |= {
        "message-headers": json.dumps(headers),
        "body-plain": "本文です",
        "recipient": ADDRESS,
    }
    status = caller.post(urlencode(form), "application/x-www-form-urlencoded")
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


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 60_000,
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="' + b"a;" * 90_000,
            "multipart/form-data; boundary=b",
        ),
        (b"a=1&" * 2_000_000, "application/x-www-form-urlencoded"),
    ],
    ids=["parts", "a name", "fields"],
)
def test_a_form_made_to_be_slow_is_refused_at_once(box, caller, body, kind):
    box.set(kind="mailgun")
    box.secret(signing_key=KEY)
    answers = []
    assert_effort_below(4, lambda: answers.append(caller.post(body, kind)))
    assert set(answers) == {403}
