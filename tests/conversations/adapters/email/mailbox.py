"""A connected mail inbox, and mails that reach it by the front door."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from agentdesk import crypto as credentials
from conversations.models import Conversation, Delivery, Inbox, Message
from tests.conversations.providers.email import PROVIDER, posted, raw_mail


class Box:
    """`committing` runs at once what waits for a commit that no test makes."""

    def __init__(self, account, queue, committing) -> None:
        self.inbox: Inbox = PROVIDER.connected(account, queue)
        self.committing = committing

    def set(self, **settings) -> None:
        connection = self.inbox.connection
        connection.settings = {**connection.settings, **settings}
        connection.save(update_fields=["settings"])

    def secret(self, **secrets) -> None:
        connection = self.inbox.connection
        connection.secrets = credentials.seal(
            json.dumps({**PROVIDER.secrets, **secrets})
        )
        connection.save(update_fields=["secrets"])

    def post_json(self, payload) -> None:
        self.post(json.dumps(payload).encode())

    def post(self, body: bytes) -> None:
        with self.committing(execute=True):
            assert PROVIDER.post(self.inbox, body).status_code == 200

    def get(self, raw: bytes | None = None, **more) -> Message | None:
        """The message a mail has become, if it has become one of this inbox."""
        known = set(Message.objects.values_list("pk", flat=True))
        self.post(posted(raw or raw_mail(**more)))
        new = Message.objects.exclude(pk__in=known).filter(inbox=self.inbox)
        return new.order_by("pk").last()

    def reply(self, agent, text="ただいま確認いたします。", **more):
        """To the customer who wrote last, as the desk's form does it."""
        last = Message.objects.filter(direction="inbound").latest("pk")
        http = Client()
        http.force_login(agent.user)
        form = {"kind": "reply", "body": text, "client_id": str(uuid4()), **more}
        path = f"/conversations/{last.conversation_id}/compose/"
        with self.committing(execute=True):
            return http.post(path, form)


def sent(conversation: Conversation) -> Message:
    found = conversation.messages.filter(direction="outbound").order_by("-pk").first()
    assert found is not None
    return found


def delivery_of(message: Message) -> Delivery:
    return Delivery.objects.get(message=message)


@pytest.fixture
def box(account, queue, django_capture_on_commit_callbacks) -> Box:
    return Box(account, queue, django_capture_on_commit_callbacks)
