"""The adapter of Messenger and Instagram: one platform, two kinds of account."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import ValidationError

from conversations.adapters.base import (
    Acknowledgement,
    Adapter,
    Outbound,
    OutboundFile,
    Part,
    Profile,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import Parsed, Person
from conversations.adapters.failures import InvalidPayloadError, SendError
from conversations.adapters.masking import json_event, read_json
from conversations.adapters.meta_graph import door
from conversations.adapters.meta_graph.check import page_report
from conversations.adapters.meta_graph.client import GraphClient
from conversations.adapters.meta_graph.marker import mark
from conversations.adapters.meta_graph.payloads import StoredEvent
from conversations.adapters.meta_graph.reading import Reading
from conversations.adapters.payload import first_fault
from conversations.adapters.raw import RawEvent
from conversations.adapters.splitting import pieces
from conversations.choices import FailureCode

# What the Send API calls a file of each kind of ours.
_TYPES = {"image": "image", "audio": "audio", "video": "video", "document": "file"}


class MessagingAdapter(Adapter):
    """What an inbox of the Messenger Platform is, but for its capabilities and fields."""

    object: ClassVar[str]  # as the webhook names it
    events: ClassVar[Sequence[str]]  # that the app must send us
    subscription: ClassVar[Sequence[str]]  # that the page must give to the app
    scopes: ClassVar[Sequence[str]]
    profile_fields: ClassVar[str]
    length: ClassVar[Callable[[str], int]]
    has_marks: ClassVar[bool] = True
    platform: ClassVar[Mapping[str, str]] = {}  # of an upload

    def challenge(self, request: WebhookRequest) -> Acknowledgement:
        return door.challenge(self.connection, request)

    def verify(self, request: WebhookRequest) -> None:
        door.verify(self.connection, request)

    # --- in ---
    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        events: list[RawEvent] = []
        for entry in door.entries(request.body, of=self.object):
            events += _events_of(entry)
        return events

    def parse(self, body: bytes) -> Sequence[Parsed]:
        try:
            stored = StoredEvent.model_validate(read_json(body))
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error
        if stored.event is None and not stored.field:
            raise InvalidPayloadError("no event of the Messenger Platform")
        return self._reading().read(stored)

    def _reading(self) -> Reading:
        kind, app = self.capabilities.identity_kind, self.connection.settings
        return Reading(
            kind, self.own_account, app.get("app_id", ""), has_marks=self.has_marks
        )

    def media(
        self, source: Mapping[str, Any]
    ) -> AbstractContextManager[Iterator[bytes]]:
        return GraphClient(self.connection).stream(str(source["url"]))

    def profile(self, person: Person) -> Profile:
        answer = GraphClient(self.connection).get(
            f"/{person.address.value}", fields=self.profile_fields
        )
        names = (answer.get("first_name"), answer.get("last_name"))
        whole = answer.get("name") or " ".join(one for one in names if one)
        name = whole or answer.get("username") or ""
        return Profile(str(name), str(answer.get("profile_pic") or ""))

    # --- out ---
    def plan(self, outbound: Outbound) -> Sequence[Part]:
        limit = self.capabilities.text_limit
        texts = pieces(outbound.body, limit, type(self).length)
        messages: list[tuple[dict[str, Any], int | None]] = [
            ({"text": text}, None) for text in texts
        ]
        for index, file in enumerate(outbound.files):
            messages.append(({"attachment": {"type": self._type_of(file)}}, index))
        parts = []
        for number, (message, place) in enumerate(messages):
            if self.has_marks:
                message["metadata"] = mark(outbound.message_id, number)
            payload: dict[str, Any] = {"message": message}
            if outbound.quoted_id and not number and self.capabilities.has_quotes:
                payload["reply_to"] = {"mid": outbound.quoted_id}
            parts.append(Part(payload, file=place))
        return parts

    def _type_of(self, file: OutboundFile) -> str:
        """Raises SendError."""
        for kind, limit in self.capabilities.media.items():
            if file.content_type in limit.types:
                if file.size > limit.max_bytes:
                    raise SendError(FailureCode.FILE_SIZE, file.name, permanent=True)
                return _TYPES[kind]
        raise SendError(FailureCode.FILE_KIND, file.name, permanent=True)

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        client = GraphClient(self.connection)
        body = {
            "recipient": {"id": outbound.recipient.value},
            **self._occasion(outbound),
            **part.payload,
        }
        if part.file is not None:
            body["message"] = self._uploaded(client, body["message"], outbound, part)
        answer = client.post(f"{self._page}/messages", body)
        return Sent([str(answer["message_id"])] if answer.get("message_id") else [])

    def _uploaded(
        self, client: GraphClient, message: Any, outbound: Outbound, part: Part
    ) -> dict[str, Any]:
        """The message with the id of its file, whose bytes Meta has now."""
        file = outbound.files[part.file or 0]
        attachment = {**message["attachment"], "payload": {"is_reusable": False}}
        values = {"message": json.dumps({"attachment": attachment}), **self.platform}
        sent = (self._name_of(file), file.load(), file.content_type)
        answer = client.upload(
            f"{self._page}/message_attachments", values, "filedata", sent
        )
        payload = {"attachment_id": str(answer.get("attachment_id", ""))}
        return {**message, "attachment": {**attachment, "payload": payload}}

    def _name_of(self, file: OutboundFile) -> str:
        return file.name

    def _occasion(self, outbound: Outbound) -> dict[str, str]:
        """An answer within the window; later a person's own, where that was granted.

        Source: Messenger Platform, "Message tags", HUMAN_AGENT.
        """
        last_inbound, window = outbound.last_heard_at, self.capabilities.reply_window
        is_late = (
            last_inbound is not None
            and window is not None
            and (datetime.now(UTC) - last_inbound > window)
        )
        if is_late and self.connection.settings.get("human_agent"):
            return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        return {"messaging_type": "RESPONSE"}

    def mark_read(self, person: Person, facts: Mapping[str, Any]) -> None:
        GraphClient(self.connection).post(
            f"{self._page}/messages",
            {"recipient": {"id": person.address.value}, "sender_action": "mark_seen"},
        )

    def check(self) -> Report:
        return page_report(
            self.connection,
            about=self.object,
            events=self.events,
            subscription=self.subscription,
            scopes=self.scopes,
            instagram_id=self.connection.settings.get("instagram_id", ""),
        )

    @property
    def _page(self) -> str:
        return f"/{self.connection.settings.get('page_id', '')}"


def _events_of(entry: Mapping[str, Any]) -> Sequence[RawEvent]:
    """One at least: an entry with none of its lists is one itself."""
    around = {"entry_id": entry.get("id", "")}
    standby, moment = {**around, "is_standby": True}, {**around, **_moment(entry)}
    found = [
        *(_raw(item, around) for item in door.listed(entry, "messaging")),
        *(_raw(item, standby) for item in door.listed(entry, "standby")),
        *(_raw_change(change, moment) for change in door.listed(entry, "changes")),
    ]
    return found or [_raw_change(entry, moment)]


def _raw(item: Any, around: Mapping[str, Any]) -> RawEvent:
    message = item.get("message") if isinstance(item, dict) else None
    mid = message.get("mid") if isinstance(message, dict) else None
    stored, account = {**around, "event": item}, around["entry_id"]
    if not isinstance(mid, str) or not mid:
        is_press = isinstance(item, dict) and "postback" in item
        own_id = door.digest_of(item)
        return json_event(own_id, stored, account=account, is_message=is_press)
    marks = message if isinstance(message, dict) else {}
    own_id = f"{mid}:deleted" if marks.get("is_deleted") else mid
    is_message = not marks.get("is_deleted") and not marks.get("is_echo")
    return json_event(own_id, stored, account=account, is_message=is_message)


def _raw_change(change: Any, around: Mapping[str, Any]) -> RawEvent:
    """Messages come as changes too: from Meta's console, and where it likes."""
    value = change.get("value") if isinstance(change, dict) else change
    field = str(change.get("field", "")) if isinstance(change, dict) else ""
    if isinstance(value, dict) and isinstance(value.get("sender"), dict):
        return _raw(value, {"entry_id": around["entry_id"], "field": field})
    stored = {**around, "field": field, "value": value}
    own_id, account = door.digest_of(stored), around["entry_id"]
    return json_event(own_id, stored, account=account, is_message=False)


def _moment(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"time": entry.get("time", 0)}
