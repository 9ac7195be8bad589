"""A story as its provider shows it now: looked at, never kept."""

from dataclasses import dataclass
from datetime import datetime

import httpx2
from django.utils import timezone

from agentdesk import http_client as outbound
from agentdesk.http_client import PrivateAddressError
from conversations.contents.story import StoryFacts
from conversations.messages.files import received_kind
from conversations.models import Message
from conversations.models.message import PLAYED_VIDEO, SHOWN_IMAGES

_LARGEST = 30 * 1024 * 1024
_SECONDS = 20.0  # somebody waits for it


@dataclass(frozen=True)
class Story:
    content: bytes
    content_type: str


def fetch_story(message: Message) -> Story | None:
    """None once it is gone, or where it is neither picture nor video."""
    story = StoryFacts.of(message)
    if story is None or not story.url or _is_over(story.expires_at):
        return None
    connection = getattr(message.inbox, "connection", None)
    is_simulated = connection is not None and connection.is_simulated
    try:
        content = _content(story.url, is_guarded=not is_simulated)
    except (httpx2.HTTPError, httpx2.InvalidURL, PrivateAddressError, ValueError):
        return None
    if content is None:
        return None
    known = received_kind(content, name="story")
    if known.content_type not in SHOWN_IMAGES | PLAYED_VIDEO:
        return None
    return Story(content, known.content_type)


def _is_over(expires_at: str) -> bool:
    return bool(expires_at) and datetime.fromisoformat(expires_at) <= timezone.now()


def _content(url: str, *, is_guarded: bool) -> bytes | None:
    received = bytearray()
    with (
        outbound.client(
            is_guarded=is_guarded, seconds=_SECONDS, most_bytes=_LARGEST + 65536
        ) as client,
        client.stream("GET", url) as response,
    ):
        if response.status_code != httpx2.codes.OK:
            return None
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > _LARGEST:
                return None
    return bytes(received)
