"""LINE: what its events mean, and how a reply leaves. Source: LINE Messaging API."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.adapters.base import (
    Adapter,
    Capabilities,
    Field,
    Outbound,
    Part,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import (
    Address,
    InboundMessage,
    Parsed,
    Person,
    RawEvent,
)
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    UnknownEventError,
)
from conversations.adapters.line.client import LineClient
from conversations.adapters.masking import json_event, read_json

# A reply token works for a minute; we leave ten seconds for the way.
REPLY_TOKEN_LIFE = timedelta(seconds=50)


class LineAdapter(Adapter):
    capabilities = Capabilities(
        text_limit=5000,
        text_unit="utf16",
        splits_text=True,
        identity_kind="line",
        reply_token_life=REPLY_TOKEN_LIFE,
        is_metered=True,
        has_quota=True,
    )
    fields = (
        Field(
            "channel_secret", "Channel secret", is_secret=True, pattern=r"[0-9a-f]{32}"
        ),
        Field("channel_access_token", "Channel access token", is_secret=True),
    )

    def verify(self, request: WebhookRequest) -> None:
        told = request.headers.get("x-line-signature", "")
        for secret in self.connection.secret_values("channel_secret"):
            digest = hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
            if hmac.compare_digest(base64.b64encode(digest).decode(), told):
                return
        raise InvalidSignatureError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        told = read_json(request.body)
        events = told.get("events") if isinstance(told, dict) else None
        if not isinstance(events, list):
            raise InvalidPayloadError("no list of events")
        return [self._raw(one) for one in events]

    def _raw(self, event: Any) -> RawEvent:
        if isinstance(event, dict) and event.get("webhookEventId"):
            return json_event(str(event["webhookEventId"]), event)
        digest = hashlib.sha256(repr(event).encode()).hexdigest()
        return json_event(digest, event)

    def parse(self, body: bytes) -> Sequence[Parsed]:
        event = read_json(body)
        if not isinstance(event, dict):
            raise InvalidPayloadError("an event is no object")
        if event.get("type") != "message":
            raise UnknownEventError(f"type {event.get('type')!r}")
        try:
            return [self._message(event)]
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidPayloadError(f"{type(error).__name__}: {error}") from error

    def _message(self, event: dict[str, Any]) -> InboundMessage:
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        return InboundMessage(
            sender=Person(Address("line", event["source"]["userId"])),
            body=event["message"].get("text", ""),
            provider_message_id=event["message"]["id"],
            occurred_at=at,
            reply_token=event.get("replyToken", ""),
            reply_until=at + REPLY_TOKEN_LIFE,
        )

    def plan(self, outbound: Outbound) -> Sequence[Part]:
        messages = [{"type": "text", "text": outbound.body}]
        if outbound.reply_token:
            return [Part({"replyToken": outbound.reply_token, "messages": messages})]
        to = outbound.recipient.value
        return [Part({"to": to, "messages": messages}, is_keyed=True)]

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        client = LineClient(self.connection)
        if "replyToken" in part.payload:
            told = client.post("/v2/bot/message/reply", dict(part.payload))
            facts = {"via": "reply"}
        else:
            told = client.post(
                "/v2/bot/message/push", dict(part.payload), retry_key=key
            )
            facts = {"via": "push"}
        sent = told.get("sentMessages", [])
        return Sent([str(one["id"]) for one in sent], facts=facts)
