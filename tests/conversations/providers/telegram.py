import itertools
import json
import time

from conversations.adapters.telegram.set_up import webhook_secret
from conversations.choices import Channel
from tests.conversations.providers.base import Provider

CUSTOMER = "5209876543"
_numbers = itertools.count(500)


def sign(_body, url, secrets):
    key = url.rstrip("/").rpartition("/")[2]
    secret = webhook_secret(secrets["bot_token"], key)
    return {"x-telegram-bot-api-secret-token": secret}


def person(number=CUSTOMER):
    return {
        "id": int(number),
        "is_bot": False,
        "first_name": "花子",
        "last_name": "山田",
    }


def message(number=None, *, sender=CUSTOMER, at=None, **content):
    return {
        "message_id": number or next(_numbers),
        "from": person(sender),
        "chat": {"id": int(sender), "type": "private", "first_name": "花子"},
        "date": int(at.timestamp() if at else time.time()),
        **content,
    }


def update(**content):
    return json.dumps({"update_id": next(_numbers), **content}).encode()


def write(text, *, id="", sender=CUSTOMER, at=None):
    number = int(id) if id else None
    return update(message=message(number, sender=sender, at=at, text=text))


PROVIDER = Provider(
    channel=Channel.TELEGRAM,
    secrets={"bot_token": "7100000009:AAtestHqT0kenOfTheTestsAbcdefghijk12"},
    sign=sign,
    write=write,
    accepted=(
        200,
        {
            "ok": True,
            "result": {
                "message_id": 77,
                "date": 1795996800,
                "chat": {"id": int(CUSTOMER), "type": "private"},
                "text": "承りました。",
            },
        },
    ),
    refused=(
        403,
        {
            "ok": False,
            "error_code": 403,
            "description": "Forbidden: bot was blocked by the user",
        },
    ),
    message_ids=(f"{CUSTOMER}:77",),
)
