import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from agentdesk import crypto as credentials
from conversations.connections.connection import webhook_address
from conversations.models import Inbox, InboxConnection
from tests.factories.conversations import InboxFactory

# Where the product thinks it is, so that signatures over addresses can be made.
PUBLIC_URL = "https://desk.example.jp"

Signer = Callable[[bytes, str, Mapping[str, str]], dict[str, str]]


@dataclass(frozen=True)
class Provider:
    """One provider. `sign` makes the headers of a request from body, URL and secrets.

    `accepted` is what it answers to a message, `refused` one it will never take,
    `message_ids` the ids in `accepted`. `write` makes the body of a text message.
    """

    channel: str
    secrets: Mapping[str, str]
    sign: Signer
    write: Callable[..., bytes]  # (text, *, id, sender, at) → body
    accepted: tuple[int, Any] = (200, {})
    refused: tuple[int, Any] = (400, {})
    message_ids: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    content_type: str = "application/json"
    ok: int = 200

    def connected(self, account, queue=None, *, api: bool = False, **more) -> Inbox:
        """A live inbox; with `api` its requests go to SIMULATOR_URL/<channel>."""
        extra = {"queue": queue} if queue else {}
        inbox = InboxFactory(account=account, channel=self.channel, **extra, **more)
        InboxConnection.objects.create(
            inbox=inbox,
            settings=dict(self.settings),
            secrets=credentials.seal(json.dumps(dict(self.secrets))),
            is_simulated=api,
        )
        return inbox

    def post(
        self,
        inbox: Inbox,
        body: bytes,
        *,
        secrets: Mapping[str, str] | None = None,
        query: str = "",
    ):
        """As the provider would: signed with its secrets, or with others."""
        url = webhook_address(inbox) + query
        headers = self.sign(body, url, self.secrets if secrets is None else secrets)
        return Client().post(
            f"/hooks/{inbox.key}/{query}",
            body,
            content_type=self.content_type,
            headers=headers,
        )
