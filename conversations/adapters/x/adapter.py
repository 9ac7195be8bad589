"""X: what its events mean, and how a direct message leaves."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from conversations.adapters.base import (
    Acknowledgement,
    Adapter,
    Capabilities,
    Field,
    MediaLimit,
    Outbound,
    Part,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import (
    Address,
    Echo,
    InboundMessage,
    Notice,
    Parsed,
    Person,
    ReadUpTo,
)
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    NotOfferedError,
    UnknownEventError,
)
from conversations.adapters.masking import read_json
from conversations.adapters.payload import first_fault
from conversations.adapters.raw import RawEvent
from conversations.adapters.x.about import ABOUT
from conversations.adapters.x.check import report
from conversations.adapters.x.client import XClient
from conversations.adapters.x.contents import contents_of, media_of
from conversations.adapters.x.payloads import (
    Chat,
    DirectMessage,
    Read,
    User,
    events_of,
    moment,
)
from conversations.adapters.x.sign_in import XSignIn
from conversations.adapters.x.upload import upload
from conversations.choices import FailureCode, MessageContent

_MEGABYTE = 1024 * 1024
_SKEW = timedelta(seconds=5)


class XAdapter(Adapter):
    about = ABOUT
    capabilities = Capabilities(
        text_limit=10_000,
        carries_files=True,
        media={
            "image": MediaLimit(
                frozenset({"image/jpeg", "image/png", "image/webp"}), 5 * _MEGABYTE
            ),
            "gif": MediaLimit(frozenset({"image/gif"}), 15 * _MEGABYTE),
            "video": MediaLimit(frozenset({"video/mp4"}), 20 * _MEGABYTE),
        },
        max_files=4,
        has_receipts=True,
        is_metered=True,
        finds_sent=True,
        identity_kind="x",
    )
    switch = "CHANNEL_X"
    account = "user_id"
    fields = (
        Field(
            "consumer_secret",
            _("API key secret"),
            help=_("X signs its requests with it."),
            where="Developer Console > Apps > Keys and tokens > API Key Secret",
            is_secret=True,
        ),
        Field(
            "client_id",
            _("OAuth 2.0 client ID"),
            where="Developer Console > Apps > Keys and tokens > OAuth 2.0 Client ID",
        ),
        Field(
            "client_secret",
            _("OAuth 2.0 client secret"),
            help=_("Only of an app that is a confidential client."),
            where="Developer Console > Apps > Keys and tokens > Client Secret",
            is_secret=True,
            is_required=False,
        ),
        Field(
            "bearer_token",
            _("App's bearer token"),
            help=_("Lets us check whether X posts to our address."),
            where="Developer Console > Apps > Keys and tokens > Bearer Token",
            is_secret=True,
            is_required=False,
        ),
    )

    @property
    def sign_in(self) -> XSignIn:
        return XSignIn(self.connection)

    # --- in ---
    def challenge(self, request: WebhookRequest) -> Acknowledgement:
        token = request.query.get("crc_token", "")
        secret = self.connection.secrets.get("consumer_secret", "")
        if not token or not secret:
            raise NotOfferedError
        # Our answer is what X signs its events with: nobody is given one for an event.
        if "{" in token:
            raise InvalidSignatureError
        answer = {"response_token": _code(secret, token.encode())}
        return Acknowledgement(json.dumps(answer), "application/json")

    def verify(self, request: WebhookRequest) -> None:
        signature = request.headers.get("x-twitter-webhooks-signature", "").encode()
        for secret in self.connection.secret_values("consumer_secret"):
            if hmac.compare_digest(_code(secret, request.body).encode(), signature):
                return
        raise InvalidSignatureError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        return list(events_of(read_json(request.body)))

    def parse(self, body: bytes) -> Sequence[Parsed]:
        stored = read_json(body)
        if not isinstance(stored, dict) or not isinstance(stored.get("event"), dict):
            raise InvalidPayloadError("no event of X's")
        kind = str(stored.get("kind"))
        try:
            return self._parse(kind, stored["event"], stored)
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error

    def _parse(
        self, kind: str, event: dict[str, Any], stored: Mapping[str, Any]
    ) -> Sequence[Parsed]:
        ours = str(stored.get("for_user_id", ""))
        if ours and self.own_account and ours != self.own_account:
            raise UnknownEventError(f"of {ours}, which is not this inbox")
        if kind == "direct_message_events":
            if event.get("type") != "message_create":
                raise UnknownEventError(f"a message's {event.get('type')!r}")
            message = DirectMessage.model_validate(event)
            return [_message(message, ours, User.model_validate(stored.get("sender")))]
        if kind == "direct_message_mark_read_events":
            return [_read(Read.model_validate(event), ours)]
        if kind == "user_event" and "revoke" in event:
            return [Notice(FailureCode.CREDENTIALS, "the account has revoked the app")]
        if kind in {"chat.received", "chat.sent"}:
            return [_encrypted(kind, Chat.model_validate(event))]
        raise UnknownEventError(f"kind {kind!r}")

    def media(
        self, source: Mapping[str, Any]
    ) -> AbstractContextManager[Iterator[bytes]]:
        return XClient(self.connection).media(str(source.get("url", "")))

    # --- out ---
    def plan(self, outbound: Outbound) -> Sequence[Part]:
        """A message carries one file; the text goes with the first."""
        to = outbound.recipient.value
        text = {"text": outbound.body} if outbound.body.strip() else {}
        if not outbound.files:
            return [Part({"to": to, "message": text})]
        return [
            Part({"to": to, "message": {} if index else text}, file=index)
            for index in range(len(outbound.files))
        ]

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        client = XClient(self.connection)
        message = dict(part.payload["message"])
        if part.file is not None:
            media_id = upload(client, outbound.files[part.file])
            message["attachments"] = [{"media_id": media_id}]
        sent = client.send(str(part.payload["to"]), message)
        return Sent([sent] if sent else [])

    def find_sent(
        self, outbound: Outbound, part: Part, *, since: datetime
    ) -> Sequence[Sent]:
        text = part.payload["message"].get("text")
        person = str(part.payload["to"])
        return [
            Sent([str(one["id"])])
            for one in XClient(self.connection).messages_with(person)
            if text
            and part.file is None
            and str(one.get("sender_id")) != person
            and one.get("text") == text
            and _created(one, since) >= since - _SKEW
        ]

    def check(self) -> Report:
        return report(XClient(self.connection), self.connection)


def _code(secret: str, message: bytes) -> str:
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


def _created(message: Mapping[str, Any], since: datetime) -> datetime:
    try:
        return datetime.fromisoformat(str(message.get("created_at")))
    except ValueError:
        return since - timedelta(days=1)


def _message(message: DirectMessage, ours: str, sender: User) -> InboundMessage | Echo:
    created = message.message_create
    data = created.message_data
    at = moment(message.created_timestamp)
    content, more = contents_of(data)
    if created.sender_id == ours:
        return Echo(
            Person(Address("x", created.target.recipient_id)),
            data.words,
            message.id,
            at,
            content=content,
            media=media_of(data),
            data=more,
        )
    if sender.screen_name:
        more["screen_name"] = sender.screen_name
    return InboundMessage(
        sender=Person(Address("x", created.sender_id), name=sender.name),
        body=data.words,
        provider_message_id=message.id,
        occurred_at=at,
        content=content,
        media=media_of(data),
        data=more,
    )


def _read(read: Read, ours: str) -> ReadUpTo:
    if read.sender_id == ours:
        raise UnknownEventError("we have read it")
    return ReadUpTo(
        Person(Address("x", read.sender_id)), moment(read.created_timestamp)
    )


def _encrypted(kind: str, chat: Chat) -> InboundMessage | Echo:
    """Its text is for the keys of the two who talk: all we know is that it came."""
    sender, talk = chat.payload.sender_id, chat.payload.conversation_id
    pair = talk.replace(":", "-").split("-")
    if sender not in pair or len(pair) != 2:
        raise UnknownEventError("of a group")
    content = MessageContent.ENCRYPTED
    if kind == "chat.sent":
        other = pair[0] if pair[1] == sender else pair[1]
        person = Person(Address("x", other))
        return Echo(person, "", chat.event_uuid, None, content=content)
    return InboundMessage(
        sender=Person(Address("x", sender)),
        body="",
        provider_message_id=chat.event_uuid,
        occurred_at=None,
        content=content,
    )
