"""The messages that Twilio lists, for those whose webhook failed."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from conversations.adapters.failures import SendError
from conversations.adapters.raw import RawEvent
from conversations.adapters.sms.client import TwilioClient
from conversations.adapters.sms.payloads import event_of, listed, listed_at

_FINAL = {"delivered", "read", "undelivered", "failed"}
# Clocks of ours and of Twilio's may differ by this much.
SKEW = timedelta(seconds=5)
# A message whose files cannot be listed for so long is taken up without them.
_WAITING_FOR_FILES = timedelta(hours=1)


def listed_events(
    client: TwilioClient, number: str, since: datetime
) -> Iterator[RawEvent]:
    """What came to `number`, and what became of what left from it.

    Raises SendError, for a message whose files could not be listed only after all
    others: the next poll asks for it again.
    """
    failure: SendError | None = None
    for message in newest(client, since, To=number):
        if str(message.get("direction")) != "inbound":
            continue
        try:
            yield event_of(_with_media(client, message))
        except SendError as error:
            if error.permanent or _is_old(message):
                yield event_of(listed(message))
            else:
                failure = error
    for message in newest(client, since, From=number):
        if (status := str(message.get("status"))) in _FINAL:
            fields = listed(message) | {
                "Body": "",
                "MessageStatus": status,
                "ErrorCode": str(message.get("error_code") or ""),
                "ErrorMessage": str(message.get("error_message") or ""),
            }
            yield event_of(fields, about=fields["MessageSid"])
    if failure is not None:
        raise failure


def _is_old(message: Mapping[str, Any]) -> bool:
    at = listed_at(message)
    return at is None or datetime.now(UTC) - at > _WAITING_FOR_FILES


def newest(
    client: TwilioClient, since: datetime, **filters: str
) -> Iterator[dict[str, Any]]:
    """Messages since then. Twilio filters by the day alone, the newest first."""
    day = (since - timedelta(days=1)).date().isoformat()
    for page in client.messages(**filters, **{"DateSent>": day}):
        ages = [listed_at(message) for message in page]
        yield from (
            message
            for message, at in zip(page, ages, strict=True)
            if at is None or at >= since - SKEW
        )
        if ages and all(at is not None and at < since - SKEW for at in ages):
            return


def _with_media(client: TwilioClient, message: Mapping[str, Any]) -> dict[str, Any]:
    """Raises SendError."""
    fields = listed(message)
    if str(message.get("num_media", "0")) != "0":
        fields["media"] = [
            {
                "url": client.media_address(str(one.get("uri", ""))),
                "type": str(one.get("content_type", "")),
            }
            for one in client.media_of(fields["MessageSid"])
        ]
    return fields
