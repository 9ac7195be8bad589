"""One event of X's webhooks, as it is kept and as it is read.

Sources: X, "Account Activity API" (`for_user_id`, `…_events`, `users`), and "X Activity
API" with "Real-time X Chat Events" (`data.event_type`).
"""

import hashlib
import html
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from conversations.adapters.failures import InvalidPayloadError
from conversations.adapters.masking import json_event
from conversations.adapters.payload import Payload
from conversations.adapters.raw import RawEvent

_MESSAGES = ("direct_message_events", "chat.received")


class User(Payload):
    id: str = ""
    name: str = ""
    screen_name: str = ""


class Link(Payload):
    url: str = ""
    expanded_url: str | None = None


class Variant(Payload):
    content_type: str = ""
    bitrate: int = 0
    url: str = ""


class Video(Payload):
    variants: list[Variant] = []


class Media(Payload):
    type: str = ""
    url: str = ""
    media_url_https: str = ""
    video_info: Video = Video()

    @property
    def file(self) -> Variant:
        """Where its bytes are: of a film, the best one that every browser plays."""
        films = [
            one for one in self.video_info.variants if one.content_type == "video/mp4"
        ]
        if films:
            return max(films, key=lambda one: one.bitrate)
        return Variant(url=self.media_url_https)


class Point(Payload):
    coordinates: list[float] = []  # longitude, latitude


class SharedCoordinate(Payload):
    coordinates: Point = Point()


class Location(Payload):
    shared_coordinate: SharedCoordinate = SharedCoordinate()

    @property
    def point(self) -> dict[str, float]:
        """Empty for a place that is told by an id of X's alone."""
        coordinates = self.shared_coordinate.coordinates.coordinates
        return (
            {"longitude": coordinates[0], "latitude": coordinates[1]}
            if len(coordinates) == 2
            else {}
        )


class Attachment(Payload):
    type: str = ""
    media: Media | None = None
    location: Location | None = None


class QuickReply(Payload):
    metadata: str = ""


class Entities(Payload):
    urls: list[Link] = []


class MessageData(Payload):
    text: str = ""
    entities: Entities = Entities()
    attachment: Attachment | None = None
    quick_reply_response: QuickReply | None = None

    @property
    def media(self) -> Media | None:
        return self.attachment.media if self.attachment else None

    @property
    def words(self) -> str:
        """The text as it was written: no short links, none to the file beside it."""
        own = self.media.url if self.media else ""
        text = self.text
        for link in self.entities.urls:
            if link.url and link.url != own:
                text = text.replace(link.url, link.expanded_url or link.url)
        if own:
            text = text.replace(own, "")
        return html.unescape(text).strip()


class Target(Payload):
    recipient_id: str = Field(min_length=1)


class Created(Payload):
    target: Target
    sender_id: str = Field(min_length=1)
    message_data: MessageData


class DirectMessage(Payload):
    id: str = Field(min_length=1)
    created_timestamp: int
    message_create: Created


class Read(Payload):
    created_timestamp: int
    sender_id: str = Field(min_length=1)


class ChatPayload(Payload):
    conversation_id: str
    sender_id: str = Field(min_length=1)


class Chat(Payload):
    event_uuid: str = Field(min_length=1)
    payload: ChatPayload


def moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise InvalidPayloadError(f"no time: {milliseconds}") from error


def events_of(payload: Any) -> Iterator[RawEvent]:
    """Every event of one request. Raises InvalidPayloadError."""
    if not isinstance(payload, dict):
        raise InvalidPayloadError("no object")
    data = payload.get("data")
    if isinstance(data, dict) and data.get("event_type"):
        yield _raw(str(data["event_type"]), data, {}, payload)
        return
    kinds = [name for name in payload if name.endswith(("_events", "_event"))]
    if not kinds:
        yield _raw("", payload, {}, payload)
    for kind in kinds:
        several = payload[kind] if isinstance(payload[kind], list) else [payload[kind]]
        for event in several:
            yield _raw(kind, event, payload.get("users"), payload)


def _raw(kind: str, event: Any, users: Any, payload: Mapping[str, Any]) -> RawEvent:
    stored = {
        "kind": kind,
        "for_user_id": str(payload.get("for_user_id", "")),
        "event": event,
        "sender": _sender(event, users),
    }
    return json_event(
        _id(kind, event),
        stored,
        account=stored["for_user_id"],
        is_message=kind in _MESSAGES,
    )


def _id(kind: str, event: Any) -> str:
    """X's own id of the event; of one that has none, what it says."""
    if isinstance(event, dict):
        own = event.get("event_uuid") or event.get("id_str") or event.get("id")
        if isinstance(own, str | int) and own:
            return f"{kind}:{own}"
    text = json.dumps(event, sort_keys=True, default=str)
    return f"{kind}:{hashlib.sha256(text.encode(errors='replace')).hexdigest()}"


def _sender(event: Any, users: Any) -> dict[str, Any]:
    """Of the users who come along, the one who wrote."""
    if not isinstance(event, dict) or not isinstance(users, dict):
        return {}
    message = event.get("message_create")
    holder = message if isinstance(message, dict) else event
    user = users.get(str(holder.get("sender_id")))
    if not isinstance(user, dict):
        return {}
    return {name: user.get(name) or "" for name in ("id", "name", "screen_name")}
