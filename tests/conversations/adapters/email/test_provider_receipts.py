"""Receipts of providers, and bodies that are none of their forms."""

import json
from typing import Any

import pytest

from conversations.choices import EventState
from conversations.models import Message, ProviderEvent
from tests.conversations.adapters.email.caller import KEY, SECRET, signed
from tests.conversations.adapters.email.mailbox import delivery_of, sent

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
                    "email": "hanako@example.jp",
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
                    "recipient": "hanako@example.jp",
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
    receipt = json.dumps(body).replace("ID", message_id)
    assert caller.post(receipt, "application/json", query=f"?secret={SECRET}") == 200
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


def receipt_of(kind, event, recipient, message_id) -> Any:
    """A receipt in the provider's own form."""
    if kind == "sendgrid":
        more = {"status": "5.1.1", "reason": "550 unknown"} if event == "bounce" else {}
        return [
            {
                "event": event,
                "smtp-id": f"<{message_id}>",
                "email": recipient,
                "timestamp": 1,
                "sg_event_id": f"{event}-{recipient}",
                **more,
            }
        ]
    failed = {"event": "failed", "severity": "permanent", "reason": "bounce"}
    return {
        "event-data": {
            **(failed if event == "bounce" else {"event": event}),
            "id": f"{event}-{recipient}",
            "timestamp": 1,
            "recipient": recipient,
            "message": {"headers": {"message-id": message_id}},
            "delivery-status": {"message": "550 unknown", "code": 550},
        },
        "signature": {name: one.decode() for name, one in signed().items()},
    }


@pytest.fixture(params=["sendgrid", "mailgun"])
def copied(request, box, agent, esp, caller):
    """A reply with a copy to another; what its provider tells comes by `receive`."""
    message = box.get()
    box.reply(agent, cc="taro@example.jp")
    ours = sent(message.conversation)
    message_id = delivery_of(ours).provider_message_ids[-1]
    box.set(kind=request.param)
    box.secret(signing_key=KEY if request.param == "mailgun" else "")

    def receive(event, recipient, message_id=message_id):
        body = json.dumps(receipt_of(request.param, event, recipient, message_id))
        query = f"?secret={SECRET}"
        assert caller.post(body, "application/json", query=query) == 200
        ours.refresh_from_db()
        return ours

    return receive


def test_a_copy_that_came_back_is_named_and_the_reply_has_arrived(
    copied, agent, client_of
):
    ours = copied("bounce", "taro@example.jp")
    assert ours.state == "sent"
    page = client_of(agent).get(f"/conversations/{ours.conversation_id}/")
    assert "taro@example.jp から戻ってきました" in page.content.decode()
    ours = copied("delivered", "hanako@example.jp")
    assert ours.state == "delivered"
    assert ours.data["bounced"] == ["taro@example.jp"]


def test_a_copy_that_arrived_does_not_stand_for_the_reply(copied):
    assert copied("delivered", "taro@example.jp").state == "sent"
    ours = copied("bounce", "hanako@example.jp")
    assert (ours.state, ours.failure) == ("failed", "recipient")
    assert copied("delivered", "taro@example.jp").state == "failed"


def test_a_bounce_that_overtakes_the_answer_to_our_request_waits(copied):
    copied("bounce", "hanako@example.jp", message_id="not-known-yet@kogane.example")
    event = ProviderEvent.objects.latest("pk")
    assert (event.state, event.attempts) == (EventState.PENDING, 1)
