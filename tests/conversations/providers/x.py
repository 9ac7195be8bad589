import base64
import hashlib
import hmac
import itertools
import json
import time

from conversations.choices import Channel
from tests.conversations.providers.base import Provider

SHOP = "930524282358325248"
CUSTOMER = "3001969357"
_numbers = itertools.count(1)


def code(secret, message):
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


def sign(body, url, secrets):
    return {"x-twitter-webhooks-signature": code(secrets["consumer_secret"], body)}


def user(number, name):
    return {
        "id": number,
        "created_timestamp": "1422556069340",
        "name": name,
        "screen_name": f"user_{number[-4:]}",
        "protected": False,
        "verified": False,
        "followers_count": 23,
        "friends_count": 48,
        "statuses_count": 510,
        "profile_image_url_https": "https://pbs.twimg.com/profile_images/1/a.jpg",
    }


def message(text, *, id="", sender=CUSTOMER, recipient=SHOP, at=None, **data):
    return {
        "type": "message_create",
        "id": id or str(1582103724607971328 + next(_numbers)),
        "created_timestamp": str(int((at.timestamp() if at else time.time()) * 1000)),
        "message_create": {
            "target": {"recipient_id": recipient},
            "sender_id": sender,
            "source_app_id": "3033300",
            "message_data": {
                "text": text,
                "entities": {
                    "hashtags": [],
                    "symbols": [],
                    "user_mentions": [],
                    "urls": data.pop("urls", []),
                },
                **data,
            },
        },
    }


def body_of(*messages, kind="direct_message_events"):
    people = {SHOP: user(SHOP, "こがね洋品店"), CUSTOMER: user(CUSTOMER, "みどり")}
    return json.dumps(
        {"for_user_id": SHOP, kind: list(messages), "users": people},
        ensure_ascii=False,
    ).encode()


def write(text, *, id="", sender=CUSTOMER, at=None):
    return body_of(message(text, id=id, sender=sender, at=at))


def chat(kind="chat.received", *, sender=CUSTOMER, uuid=""):
    return json.dumps(
        {
            "data": {
                "event_type": kind,
                "event_uuid": uuid or f"0f52b591-4b7e-4f13-92cd-{next(_numbers):012x}",
                "payload": {
                    "conversation_id": f"{CUSTOMER}-{SHOP}",
                    "sender_id": sender,
                    "encoded_event": "QkFTRTY0X0VOQ09ERUQ=",
                    "conversation_key_version": "1782945126642",
                },
            }
        }
    ).encode()


PROVIDER = Provider(
    channel=Channel.X,
    settings={"client_id": "rG9n6402A3dbUJKzXTNX4oWHJ"},
    secrets={
        "consumer_secret": "consumer-secret-of-the-test",
        "access_token": "access-token-of-the-test",
        "refresh_token": "refresh-token-of-the-test",
    },
    sign=sign,
    write=write,
    accepted=(
        201,
        {
            "data": {
                "dm_conversation_id": f"{CUSTOMER}-{SHOP}",
                "dm_event_id": "1582103724607971332",
            }
        },
    ),
    refused=(
        403,
        {
            "title": "Forbidden",
            "detail": "You do not have permission to DM one or more participants.",
            "type": "about:blank",
            "status": 403,
        },
    ),
    message_ids=("1582103724607971332",),
)
