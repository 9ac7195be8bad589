"""What a direct message of X carries besides its text."""

from collections.abc import Sequence
from typing import Any

from conversations.adapters.events import Media
from conversations.adapters.x.payloads import MessageData
from conversations.choices import MessageContent
from conversations.contents.card import Choice
from conversations.contents.circumstances import Flaws

_KINDS = {"photo": "image", "animated_gif": "video", "video": "video"}


def media_of(data: MessageData) -> Sequence[Media]:
    found = data.media
    if found is None or not found.file.url:
        return []
    source = {"url": found.file.url}
    kind = _KINDS.get(found.type, "document")
    return [Media(kind, source, content_type=found.file.content_type)]


def contents_of(data: MessageData) -> tuple[str, dict[str, Any]]:
    """A MessageContent and what stands beside it; UNSUPPORTED where nothing is left."""
    attached = data.attachment
    if attached is not None and attached.location is not None:
        return MessageContent.LOCATION, {"location": attached.location.point}
    if data.quick_reply_response is not None:
        choice = Choice(data.words, value=data.quick_reply_response.metadata)
        return MessageContent.CHOICE, choice.as_data()
    if data.words or media_of(data):
        return MessageContent.TEXT, {}
    flaws = Flaws(kind=attached.type[:40] if attached else "")
    return MessageContent.UNSUPPORTED, flaws.as_data()
