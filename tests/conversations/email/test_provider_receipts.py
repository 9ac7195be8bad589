"""Receipts of providers, and bodies that are none of their forms."""

import json

import pytest

from conversations.models import Message
from tests.conversations.email.caller import KEY, SECRET, signed
from tests.conversations.email.mailbox import delivery_of, sent

pytestmark = pytest.mark.django_db


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
