"""A reply as LINE's message objects, and the requests they take."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from conversations.adapters.base import (
    Connection,
    MediaLimit,
    Outbound,
    OutboundFile,
    Part,
)
from conversations.adapters.failures import SendError
from conversations.adapters.line.sound import milliseconds
from conversations.adapters.splitting import pieces, utf16_length
from conversations.choices import FailureCode

TEXT_LIMIT = 5000  # UTF-16 units
OBJECTS = 5  # of one request
_BUTTON_TEXT = 160  # of a template without a picture
_MB = 1024 * 1024
MEDIA: Mapping[str, MediaLimit] = {
    "image": MediaLimit(frozenset({"image/jpeg", "image/png"}), 10 * _MB),
    "video": MediaLimit(frozenset({"video/mp4"}), 200 * _MB),
    "audio": MediaLimit(frozenset({"audio/mp4", "audio/mpeg"}), 200 * _MB),
}
# Stands for the token, which lives ten minutes and is fetched when the reply leaves.
_TO_COME = "LINK-TOKEN-OF-THIS-REPLY"


def requests_of(outbound: Outbound, connection: Connection) -> Sequence[Part]:
    """Five objects a request: the first free where it can be, the rest pushed.

    A push takes our key. Raises SendError for what LINE would not take.
    """
    objects = [
        *_texts(outbound),
        *_link(outbound, connection),
        *(_file(one, connection) for one in outbound.files),
    ]
    if not objects:
        raise SendError(FailureCode.CONTENT, "nothing to send", permanent=True)
    groups = [objects[at : at + OBJECTS] for at in range(0, len(objects), OBJECTS)]
    return [
        _part(outbound, group, is_free=bool(outbound.reply_token) and number == 0)
        for number, group in enumerate(groups)
    ]


def _part(outbound: Outbound, objects: list[dict[str, Any]], *, is_free: bool) -> Part:
    if is_free:
        return Part({"replyToken": outbound.reply_token, "messages": objects})
    return Part({"to": outbound.recipient.value, "messages": objects}, is_keyed=True)


def _texts(outbound: Outbound) -> list[dict[str, Any]]:
    body = outbound.body
    if _link_of(outbound) and utf16_length(body) <= _BUTTON_TEXT:
        return []  # it stands on the button
    texts = [
        {"type": "text", "text": piece}
        for piece in pieces(body, TEXT_LIMIT, utf16_length)
    ]
    quote = str(outbound.quoted_facts.get("quote_token", ""))
    if texts and quote:
        texts[0]["quoteToken"] = quote
    return texts


def _link_of(outbound: Outbound) -> Mapping[str, Any]:
    link = outbound.data.get("account_link")
    return link if isinstance(link, Mapping) else {}


def _link(outbound: Outbound, connection: Connection) -> list[dict[str, Any]]:
    """The button that asks the customer to sign in to the shop."""
    link = _link_of(outbound)
    if not link:
        return []
    address = connection.settings.get("account_link_url", "")
    if not address:
        raise SendError(FailureCode.SET_UP, "account_link_url", permanent=True)
    address = urljoin(connection.public_url, address)  # a path: a page of ours
    label = str(link.get("label", ""))[:20]
    sign = "&" if "?" in address else "?"
    is_short = utf16_length(outbound.body) <= _BUTTON_TEXT
    text = outbound.body if outbound.body.strip() and is_short else label
    action = {
        "type": "uri",
        "label": label,
        "uri": f"{address}{sign}linkToken={_TO_COME}",
    }
    template = {"type": "buttons", "text": text, "actions": [action]}
    return [{"type": "template", "altText": text, "template": template}]


def needs_token(payload: Mapping[str, Any]) -> bool:
    return _TO_COME in json.dumps(payload)


def with_token(payload: Mapping[str, Any], token: str) -> dict[str, Any]:
    """`token` has letters and digits alone."""
    return dict(json.loads(json.dumps(payload).replace(_TO_COME, token)))


def _file(file: OutboundFile, connection: Connection) -> dict[str, Any]:
    limit = MEDIA.get(file.kind)
    if limit is None or file.content_type not in limit.types:
        raise SendError(FailureCode.FILE_KIND, file.name, permanent=True)
    if file.size > limit.max_bytes:
        raise SendError(FailureCode.FILE_SIZE, file.name, permanent=True)
    if not file.url.startswith("https://") and not connection.api:
        raise SendError(
            FailureCode.SET_UP, "LINE fetches files over https alone", permanent=True
        )
    message: dict[str, Any] = {"type": file.kind, "originalContentUrl": file.url}
    if file.kind == "audio":
        message["duration"] = milliseconds(file.load()) or 1000
    else:
        message["previewImageUrl"] = file.preview_url
    return message
