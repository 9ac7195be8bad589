"""What the tests of X share: its inbox as it is now, and what was said."""

import json
from uuid import uuid4

from django.test import Client

from agentdesk import crypto as credentials
from conversations.adapters.base import Connection
from conversations.connections.connection import connection_of, unsealed
from conversations.models import Inbox, InboxConnection, Message


def stored(inbox: Inbox) -> Inbox:
    return Inbox.objects.select_related("connection").get(pk=inbox.pk)


def fresh(inbox: Inbox) -> Connection:
    return connection_of(stored(inbox))


def secrets_of(inbox: Inbox) -> dict[str, str]:
    return unsealed(InboxConnection.objects.get(pk=inbox.pk).secrets)


def set_secrets(inbox, **values) -> None:
    sealed = credentials.seal(json.dumps({**secrets_of(inbox), **values}))
    InboxConnection.objects.filter(pk=inbox.pk).update(secrets=sealed)


def received() -> Message:
    return Message.objects.get(kind="text", direction="inbound")


def sent() -> Message:
    return Message.objects.filter(kind="text", direction="outbound").latest("pk")


def reply(agent, body="確認いたします。") -> Message:
    http = Client()
    http.force_login(agent.user)
    conversation = Message.objects.filter(kind="text").first().conversation
    form = {"kind": "reply", "body": body, "client_id": str(uuid4())}
    answer = http.post(f"/conversations/{conversation.pk}/compose/", form)
    assert answer.status_code == 201, answer.content
    return sent()
