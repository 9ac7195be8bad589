import base64
import hashlib
import hmac
import itertools
import json
import time

from conversations.choices import Channel
from tests.conversations.providers.base import Provider

USER = "U" + "0123456789abcdef" * 2
_numbers = itertools.count(1)


def sign(body, url, secrets):
    digest = hmac.new(secrets["channel_secret"].encode(), body, hashlib.sha256)
    return {"X-Line-Signature": base64.b64encode(digest.digest()).decode()}


def event(kind="message", *, sender=USER, at=None, token="", **fields):
    number = next(_numbers)
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int((at.timestamp() if at else time.time()) * 1000),
        "source": {"type": "user", "userId": sender},
        "webhookEventId": f"01TEST{number:020d}",
        "deliveryContext": {"isRedelivery": False},
        **({"replyToken": token} if token else {}),
        **fields,
    }


def body_of(*events):
    return json.dumps(
        {"destination": "U" + "f" * 32, "events": list(events)}, ensure_ascii=False
    ).encode()


def write(text, *, id="", sender=USER, at=None, token=""):
    message = {
        "type": "text",
        "id": id or str(468789577898000000 + next(_numbers)),
        "quoteToken": "q3Plxr4AgKd",
        "text": text,
    }
    return body_of(event(sender=sender, at=at, token=token, message=message))


PROVIDER = Provider(
    channel=Channel.LINE,
    secrets={
        "channel_secret": "0123456789abcdef0123456789abcdef",
        "channel_access_token": "token-of-the-test",
    },
    sign=sign,
    write=write,
    accepted=(200, {"sentMessages": [{"id": "461230966842064897", "quoteToken": "x"}]}),
    refused=(400, {"message": "The property, 'to', in the request body is invalid"}),
    message_ids=("461230966842064897",),
)
