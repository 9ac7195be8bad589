"""What a Telegram message carries besides its text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from conversations.adapters.events import Media
from conversations.adapters.telegram import payloads
from conversations.choices import MessageContent as Is

# The field of a message, what it is to the desk, and the kind of file.
_FILES = (
    ("animation", Is.VIDEO, "video"),  # stands beside `document`, which is the same
    ("document", Is.FILE, "document"),
    ("video", Is.VIDEO, "video"),
    ("video_note", Is.VIDEO, "video"),
    ("audio", Is.AUDIO, "audio"),
    ("voice", Is.AUDIO, "audio"),
)
# Of files that Telegram tells no content type of: it has one for each.
_TYPES = {"video_note": "video/mp4", "voice": "audio/ogg", "animation": "video/mp4"}


@dataclass
class Contents:
    body: str = ""
    content: str = Is.TEXT
    media: list[Media] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def contents_of(message: payloads.Message) -> Contents:
    """All it says; what the desk cannot show is UNSUPPORTED."""
    found = next(_found(message), None) or Contents(
        content=Is.UNSUPPORTED, data={"kind": "Telegram"}
    )
    if message.forward_origin is not None:
        found.data["forwarded"] = True
    return found


def _found(message: payloads.Message) -> Iterator[Contents]:
    """A venue carries its location, an animation its document: the fuller one first."""
    for read in _READ:
        found = read(message)
        if found is not None:
            yield found


def _text(message: payloads.Message) -> Contents | None:
    return Contents(message.text) if message.text else None


def _photo(message: payloads.Message) -> Contents | None:
    """The same picture in several sizes."""
    sizes = [one for one in message.photo if one.file_id]
    if not sizes:
        return None
    largest = max(sizes, key=lambda one: one.width * one.height)
    media = _media("image", largest, content_type="image/jpeg")
    return Contents(message.caption, Is.IMAGE, [media])


def _file(message: payloads.Message) -> Contents | None:
    for name, content, kind in _FILES:
        file: payloads.File | None = getattr(message, name)
        if file is not None and file.file_id:
            media = _media(kind, file, content_type=_TYPES.get(name, ""))
            found = Contents(message.caption, content, [media])
            if file.duration:
                found.data["duration_ms"] = file.duration * 1000
            return found
    return None


def _sticker(message: payloads.Message) -> Contents | None:
    """Of one that moves, its picture: a browser draws no .tgs."""
    sticker = message.sticker
    if sticker is None:
        return None
    moves = sticker.is_animated or sticker.is_video
    picture: payloads.File | None = sticker.thumbnail if moves else sticker
    media = []
    if picture is not None and picture.file_id:
        media.append(_media("sticker", picture, content_type="image/webp"))
    words = {"text": "" if media else sticker.emoji, "keywords": [sticker.emoji]}
    return Contents("", Is.STICKER, media, {"sticker": words})


def _place(message: payloads.Message) -> Contents | None:
    venue = message.venue
    location = venue.location if venue else message.location
    if location is None:
        return None
    place = {
        "title": venue.title if venue else "",
        "address": venue.address if venue else "",
        "latitude": location.latitude,
        "longitude": location.longitude,
    }
    return Contents(content=Is.LOCATION, data={"location": place})


def _contact(message: payloads.Message) -> Contents | None:
    card = message.contact
    if card is None:
        return None
    name = f"{card.first_name} {card.last_name}".strip()
    cards = [{"name": name, "phones": [card.phone_number], "emails": []}]
    return Contents(content=Is.CONTACT, data={"contacts": cards})


_READ: tuple[Callable[[payloads.Message], Contents | None], ...] = (
    _text,
    _photo,
    _sticker,
    _file,
    _place,
    _contact,
)


def _media(kind: str, file: payloads.File, *, content_type: str) -> Media:
    return Media(
        kind,
        {"file_id": file.file_id},
        name=file.file_name,
        content_type=file.mime_type or content_type,
        size=file.file_size,
    )
