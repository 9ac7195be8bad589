"""A reply as requests to Telegram. Source: Telegram Bot API, "sendMessage" and what follows."""

import json
from typing import Any

from conversations.adapters.base import Outbound, OutboundFile, Part
from conversations.adapters.failures import SendError
from conversations.adapters.splitting import pieces, utf16_length
from conversations.adapters.telegram.parse import number_in_chat
from conversations.choices import FailureCode

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
FILE_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
# What the app shows in the chat; anything else goes as a document.
_SHOWN = {
    "photo": frozenset({"image/jpeg", "image/png"}),
    "video": frozenset({"video/mp4"}),
    "audio": frozenset({"audio/mpeg", "audio/mp4"}),
}
MEDIA = {
    "image": frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    "video": frozenset({"video/mp4", "video/quicktime", "video/webm"}),
    "audio": frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"}),
    "document": frozenset(
        {
            "application/pdf",
            "application/zip",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "text/plain",
            "text/csv",
        }
    ),
}


def parts(outbound: Outbound) -> list[Part]:
    """The text goes below a single file where it has the room. Raises SendError."""
    body = outbound.body.strip()
    is_caption = len(outbound.files) == 1 and utf16_length(body) <= CAPTION_LIMIT
    texts = [] if is_caption else pieces(outbound.body, TEXT_LIMIT, utf16_length)
    requests: list[tuple[dict[str, Any], int | None]] = [
        ({"method": "sendMessage", "text": text}, None) for text in texts
    ]
    for index, file in enumerate(outbound.files):
        caption = {"caption": body} if is_caption and body else {}
        requests.append(({**_upload(file), **caption}, index))
    answered = number_in_chat(outbound.quoted_id)
    if requests and answered is not None:
        requests[0][0]["reply_parameters"] = _answering(answered, requests[0][1])
    return [Part(payload, file=index) for payload, index in requests]


def _answering(number: int, file: int | None) -> Any:
    """A form carries it as JSON. A message that is gone meanwhile is answered all the same."""
    parameters = {"message_id": number, "allow_sending_without_reply": True}
    return parameters if file is None else json.dumps(parameters)


def _upload(file: OutboundFile) -> dict[str, str]:
    """Raises SendError."""
    if file.size > FILE_BYTES:
        raise SendError(FailureCode.FILE_SIZE, file.name, permanent=True)
    for field, types in _SHOWN.items():
        if file.content_type in types and _is_small_enough(field, file):
            return {"method": f"send{field.capitalize()}", "field": field}
    return {"method": "sendDocument", "field": "document"}


def _is_small_enough(field: str, file: OutboundFile) -> bool:
    return field != "photo" or file.size <= PHOTO_BYTES
