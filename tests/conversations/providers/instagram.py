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

ACCOUNT = "17841405822304914"
IGSID = "1254459154682919"


def event(*, sender=IGSID, recipient=ACCOUNT, at=None, **fields):
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": milliseconds(at),
        **fields,
    }


def body_of(*events):
    entry = {"id": ACCOUNT, "time": milliseconds(), "messaging": list(events)}
    return encoded({"object": "instagram", "entry": [entry]})


def write(text, *, id="", sender=IGSID, at=None, **fields):
    message = {"mid": id or f"aWdfZAG{next(numbers)}", "text": text, **fields}
    return body_of(event(sender=sender, at=at, message=message))


PROVIDER = Provider(
    channel=Channel.INSTAGRAM,
    secrets=SECRETS,
    settings={
        "app_id": APP_ID,
        "page_id": "682498171943165",
        "instagram_id": ACCOUNT,
        "verify_token": "meta-asks-for-this",
    },
    sign=sign,
    write=write,
    accepted=(200, {"recipient_id": IGSID, "message_id": "aWdfZAGsent"}),
    refused=REFUSED,
    message_ids=("aWdfZAGsent",),
)
