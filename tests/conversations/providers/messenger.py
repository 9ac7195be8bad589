from conversations.choices import Channel
from tests.conversations.providers.base import Provider
from tests.conversations.providers.meta import (
    APP_ID,
    REFUSED,
    SECRETS,
    encoded,
    milliseconds,
    numbers,
    sign,
)

PAGE = "682498171943165"
PSID = "5523893474416612"


def event(*, sender=PSID, recipient=PAGE, at=None, **fields):
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": milliseconds(at),
        **fields,
    }


def body_of(*events, key="messaging"):
    entry = {"id": PAGE, "time": milliseconds(), key: list(events)}
    return encoded({"object": "page", "entry": [entry]})


def write(text, *, id="", sender=PSID, at=None, **fields):
    message = {"mid": id or f"m_test{next(numbers)}", "text": text, **fields}
    return body_of(event(sender=sender, at=at, message=message))


def echo(*, id="", text="", at=None, **fields):
    """A message of the page, whoever has written it."""
    mid = id or f"m_echo{next(numbers)}"
    message = {"is_echo": True, "mid": mid, "text": text, **fields}
    return body_of(event(sender=PAGE, recipient=PSID, at=at, message=message))


PROVIDER = Provider(
    channel=Channel.MESSENGER,
    secrets=SECRETS,
    settings={"app_id": APP_ID, "page_id": PAGE, "verify_token": "meta-asks-for-this"},
    sign=sign,
    write=write,
    accepted=(200, {"recipient_id": PSID, "message_id": "m_sent1"}),
    refused=REFUSED,
    message_ids=("m_sent1",),
)
