"""LINE: who may post, what it offers, and how a reply leaves. Source: LINE Messaging API."""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from conversations.adapters.base import (
    Adapter,
    Capabilities,
    Outbound,
    Part,
    Profile,
    Quota,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import Parsed, Person
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    NotOfferedError,
    SendError,
    UnknownEventError,
)
from conversations.adapters.line import reading, writing
from conversations.adapters.line.about import ABOUT
from conversations.adapters.line.client import Address, LineClient, still_preparing
from conversations.adapters.line.payloads import EVENTS, NOT_OURS
from conversations.adapters.line.set_up import FIELDS, report
from conversations.adapters.masking import json_event, read_json
from conversations.adapters.payload import first_fault
from conversations.adapters.raw import RawEvent
from conversations.choices import FailureCode

_SPENT = "Invalid reply token"

# What a customer says, and what must have happened before they go on.
_MESSAGES = ("message", "postback", "accountLink")


class LineAdapter(Adapter):
    about = ABOUT
    capabilities = Capabilities(
        text_limit=writing.TEXT_LIMIT,
        text_unit="utf16",
        splits_text=True,
        carries_files=True,
        media=writing.MEDIA,
        # The app reads a picture from us when the customer looks, which may be late.
        file_life=timedelta(days=30),
        identity_kind="line",
        reply_token_life=reading.REPLY_TOKEN_LIFE,
        has_profiles=True,
        has_quotes=True,
        has_edits=True,
        has_unsend=True,
        is_metered=True,
        has_quota=True,
        marks_read=True,
        links_accounts=True,
    )
    fields = FIELDS

    def verify(self, request: WebhookRequest) -> None:
        signature = request.headers.get("x-line-signature", "").encode()
        for secret in self.connection.secret_values("channel_secret"):
            digest = hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
            if hmac.compare_digest(base64.b64encode(digest), signature):
                return
        raise InvalidSignatureError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        payload = read_json(request.body)
        events = payload.get("events") if isinstance(payload, dict) else None
        if not isinstance(events, list):
            raise InvalidPayloadError("no list of events")
        return [_raw(one) for one in events]

    def parse(self, body: bytes) -> Sequence[Parsed]:
        event = read_json(body)
        if not isinstance(event, dict):
            raise InvalidPayloadError("an event is no object")
        kind = str(event.get("type", ""))
        if kind not in EVENTS:
            raise UnknownEventError(NOT_OURS.get(kind, f"type {kind[:80]!r}"))
        try:
            return reading.parsed(EVENTS[kind].model_validate(event))
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error

    def plan(self, outbound: Outbound) -> Sequence[Part]:
        return writing.requests_of(outbound, self.connection)

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        """A free reply that LINE refuses for its token is pushed instead, with the key."""
        body = dict(part.payload)
        if writing.needs_token(body):
            body = writing.with_token(body, self._link_token(outbound))
        if "replyToken" not in body:
            return self._push(outbound, body, key)
        try:
            answer = LineClient(self.connection).post("/v2/bot/message/reply", body)
        except SendError as error:
            # Refused as a whole: nothing of it has been sent, so a push is no second one.
            if error.status != 400 or _SPENT not in error.detail:
                raise
            to = outbound.recipient.value
            return self._push(outbound, {"to": to, "messages": body["messages"]}, key)
        return _sent(outbound, answer, via="reply")

    def _push(self, outbound: Outbound, body: dict[str, Any], key: str) -> Sent:
        client = LineClient(self.connection)
        answer = client.post("/v2/bot/message/push", body, retry_key=key)
        return _sent(outbound, answer, via="push")

    def _link_token(self, outbound: Outbound) -> str:
        path = f"/v2/bot/user/{quote(outbound.recipient.value, safe='')}/linkToken"
        try:
            token = str(LineClient(self.connection).post(path).get("linkToken", ""))
        except SendError as error:
            error.is_ambiguous = False  # whatever became of it, no message has left
            raise
        if not token.isalnum():
            raise SendError(FailureCode.PROVIDER, "no link token", permanent=False)
        return token

    def check(self) -> Report:
        return report(self.connection)

    def quota(self) -> Quota:
        client = LineClient(self.connection)
        answer = client.get("/v2/bot/message/quota")
        used = client.get("/v2/bot/message/quota/consumption").get("totalUsage", 0)
        limit = answer.get("value") if answer.get("type") == "limited" else None
        return Quota(limit if isinstance(limit, int) else None, int(used))

    def profile(self, person: Person) -> Profile:
        value = quote(person.address.value, safe="")
        client = LineClient(self.connection)
        if value.startswith("R"):  # a room has no name
            raise NotOfferedError
        if value.startswith("C"):
            group = client.get(f"/v2/bot/group/{value}/summary")
            return Profile(
                str(group.get("groupName", "")), str(group.get("pictureUrl", ""))
            )
        return _profile(client.get(f"/v2/bot/profile/{value}"))

    def speaker(self, person: Person, speaker_id: str) -> Profile:
        place = quote(person.address.value, safe="")
        kind = "room" if place.startswith("R") else "group"
        path = f"/v2/bot/{kind}/{place}/member/{quote(speaker_id, safe='')}"
        return _profile(LineClient(self.connection).get(path))

    def media(
        self, source: Mapping[str, Any]
    ) -> AbstractContextManager[Iterator[bytes]]:
        client = LineClient(self.connection)
        if source.get("url"):
            return client.stream(Address(str(source["url"]), is_with_token=False))
        if source.get("sticker"):
            return client.stream(client.sticker(quote(str(source["sticker"]), safe="")))
        message = quote(str(source.get("message", "")), safe="")
        if source.get("is_prepared"):
            _wait_for(client, message)
        return client.stream(client.content(message))

    def mark_read(self, person: Person, facts: Mapping[str, Any]) -> None:
        token = facts.get("mark_as_read_token")
        if token:
            LineClient(self.connection).post(
                "/v2/bot/chat/markAsRead", {"markAsReadToken": token}
            )


def _raw(event: Any) -> RawEvent:
    read = event if isinstance(event, dict) else {}
    own_id = str(read.get("webhookEventId") or "")
    return json_event(
        own_id or hashlib.sha256(repr(event).encode()).hexdigest(),
        event,
        is_message=read.get("type") in _MESSAGES,
    )


def _sent(outbound: Outbound, answer: Mapping[str, Any], *, via: str) -> Sent:
    """What LINE has taken. The token by which the first of it may be quoted is kept."""
    messages = answer.get("sentMessages")
    rows = [one for one in messages or [] if isinstance(one, dict) and one.get("id")]
    facts: dict[str, Any] = {"via": via}
    if rows and rows[0].get("quoteToken") and not outbound.data.get("quote_token"):
        facts["quote_token"] = str(rows[0]["quoteToken"])
    return Sent(
        [str(one["id"]) for one in rows],
        facts=facts,
        metered=1 if via == "push" else 0,
    )


def _profile(profile: Mapping[str, Any]) -> Profile:
    return Profile(
        str(profile.get("displayName", "")),
        str(profile.get("pictureUrl", "")),
        str(profile.get("language", "")),
    )


def _wait_for(client: LineClient, message: str) -> None:
    """A video or a recording is prepared by LINE first. Raises SendError."""
    path = f"/v2/bot/message/{message}/content/transcoding"
    status = client.get_data(path).get("status")
    if status == "processing":
        raise still_preparing()
    if status == "failed":
        raise SendError(FailureCode.PROVIDER, "not prepared", permanent=True)
