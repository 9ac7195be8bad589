"""A provider of the tests: an adapter with every kind of field, in place of SMS."""

import json

import pytest

from conversations.adapters import registry
from conversations.adapters.about import About
from conversations.adapters.base import (
    Adapter,
    Capabilities,
    Field,
    Outbound,
    Part,
    Report,
    Sent,
)
from conversations.adapters.events import Address, InboundMessage, Person
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    UnknownEventError,
)
from conversations.adapters.raw import RawEvent
from conversations.choices import Channel
from conversations.inboxes.actions.connect import save_connection
from conversations.inboxes.actions.inbox import create_inbox
from conversations.models import Inbox

SECRET = "s3cret-of-the-double"
GOOD = {"kind": "cloud", "account": "AC12345", "token": SECRET}


class DoubleAdapter(Adapter):
    """`answer` is what its provider says to a check: a Report, or the error raised."""

    about = About("A channel of the tests.", "cable", ("#000000", "#ffffff"))
    capabilities = Capabilities(
        text_limit=1000, identity_kind="phone", carries_files=False
    )
    fields = (
        Field("kind", "Kind", choices=(("cloud", "Cloud"), ("own", "Own server"))),
        Field("account", "Account number", pattern=r"AC[0-9]{5}", where="Console > A"),
        Field("host", "Server", is_address=True, only_for=("kind", ("own",))),
        Field("token", "Secret word", is_secret=True),
    )
    answer: "Report | Exception" = Report(address="+81300000000", name="二重")
    sent: "list[tuple[str, str]]" = []

    def verify(self, request):
        token = request.headers.get("x-double", "")
        if token not in self.connection.secret_values("token"):
            raise InvalidSignatureError

    def split(self, request):
        return [RawEvent(json.loads(request.body)["id"], request.body)]

    def parse(self, body):
        payload = json.loads(body)
        if payload.get("broken"):
            raise InvalidPayloadError(payload["broken"])
        if payload.get("strange"):
            raise UnknownEventError(payload["strange"])
        sender = Person(Address("phone", payload["from"]))
        data = {"automatic": True} if payload.get("automatic") else {}
        return [InboundMessage(sender, payload["text"], payload["id"], None, data=data)]

    def plan(self, outbound: Outbound):
        return [Part({"to": outbound.recipient.value, "text": outbound.body})]

    def send(self, outbound, part, *, key):
        type(self).sent.append((part.payload["to"], part.payload["text"]))
        return Sent([f"sent-{len(self.sent)}"])

    def check(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> type[DoubleAdapter]:
    monkeypatch.setitem(registry.ADAPTERS, Channel.SMS, DoubleAdapter)
    monkeypatch.setattr(DoubleAdapter, "sent", [])
    monkeypatch.setattr(DoubleAdapter, "answer", DoubleAdapter.answer)
    return DoubleAdapter


@pytest.fixture
def draft(double, account, queue) -> Inbox:
    """Just added by an admin: nothing is set."""
    return create_inbox(account, actor=None, channel=Channel.SMS, name="ショート")


@pytest.fixture
def filled_in(draft: Inbox) -> Inbox:
    settings = {"kind": "cloud", "account": "AC12345"}
    save_connection(draft, actor=None, settings=settings, secrets={"token": SECRET})
    return Inbox.objects.get(pk=draft.pk)


def post_event(
    client, inbox: Inbox, number: int = 1, *, secret: str = SECRET, **payload
):
    """What the provider posts: a message, unless told otherwise."""
    event = {
        "id": f"event-{number}",
        "from": "09012345678",
        "text": "届きません",
    } | payload
    body = json.dumps(event, ensure_ascii=False).encode()
    return client.post(
        f"/hooks/{inbox.key}/",
        body,
        content_type="application/json",
        headers={"X-Double": secret},
    )
