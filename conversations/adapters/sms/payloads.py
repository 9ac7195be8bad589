"""What Twilio posts, and what its API lists, as one kept event."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import Field

from agentdesk.web.text import number_in
from conversations.adapters.masking import masked
from conversations.adapters.payload import Payload
from conversations.adapters.raw import RawEvent
from conversations.adapters.sms.signature import Form

# Numbers of phones, which may look like a card's.
_NUMBERS = {"From": "from", "To": "to"}


class File(Payload):
    url: str
    type: str = ""


class SmsPayload(Payload):
    """A message that came in, or what became of one that went out."""

    sid: str = Field(alias="MessageSid", min_length=2, max_length=64)
    sender: str = Field(alias="From", default="", max_length=80)
    recipient: str = Field(alias="To", default="")
    body: str = Field(alias="Body", default="")
    status: str = Field(alias="MessageStatus", default="")
    error: str = Field(alias="ErrorCode", default="")
    error_message: str = Field(alias="ErrorMessage", default="")
    opt_out: str = Field(alias="OptOutType", default="")
    sent_at: datetime | None = Field(alias="SentAt", default=None)
    media: list[File] = []


def fields_of(form: Form) -> dict[str, Any]:
    """The form, its files as a list."""
    fields: dict[str, Any] = {}
    for name, value in form:
        fields.setdefault(name, value)
    number = min(number_in(fields.get("NumMedia", "")) or 0, 10)
    media = [
        {
            "url": fields.pop(f"MediaUrl{index}", ""),
            "type": fields.pop(f"MediaContentType{index}", ""),
        }
        for index in range(number)
    ]
    if media:
        fields["media"] = [one for one in media if one["url"]]
    return fields


def event_of(fields: Mapping[str, Any], *, about: str = "") -> RawEvent:
    """The event as it is kept; its id is the same by webhook and by poll."""
    sid = str(fields.get("MessageSid") or fields.get("SmsSid") or fields.get("CallSid"))
    status = fields.get("MessageStatus", "")
    stored = {
        name: masked(value, _NUMBERS.get(name, name)) for name, value in fields.items()
    }
    body = json.dumps(stored, ensure_ascii=False).encode(errors="replace")
    own_id = f"{sid}:{status}" if status else sid
    return RawEvent(own_id, body, about, is_message=not status)


def listed(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the API's list in the words of the webhook."""
    at = listed_at(message)
    return {
        "MessageSid": str(message.get("sid", "")),
        "AccountSid": str(message.get("account_sid", "")),
        "From": str(message.get("from", "")),
        "To": str(message.get("to", "")),
        "Body": str(message.get("body") or ""),
        "SentAt": at.isoformat() if at else None,
    }


def listed_at(message: Mapping[str, Any]) -> datetime | None:
    date = message.get("date_sent") or message.get("date_created")
    try:
        at = parsedate_to_datetime(str(date))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
