from conversations.choices import Channel
from tests.conversations.providers.base import Provider
from tests.conversations.providers.meta import (
    APP_ID,
    SECRETS,
    encoded,
    milliseconds,
    numbers,
    sign,
)

ACCOUNT = "102290129340398"
NUMBER_ID = "106540352242922"
NUMBER = "819012345678"
BSUID = "JP.13491208655302741918"


def body_of(field="messages", **value):
    metadata = {
        "display_phone_number": "81345678901",
        "phone_number_id": NUMBER_ID,
    }
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"value": value, "field": field}
    entry = {"id": ACCOUNT, "time": milliseconds() // 1000, "changes": [change]}
    return encoded({"object": "whatsapp_business_account", "entry": [entry]})


def contact(number=NUMBER, user_id="", name="中村 千尋"):
    ids = {"wa_id": number} if number else {}
    if user_id:
        ids["user_id"] = user_id
    return {"profile": {"name": name}, **ids}


def message(kind="text", *, id="", sender=NUMBER, user_id="", at=None, **fields):
    ids = {"from": sender} if sender else {}
    if user_id:
        ids["from_user_id"] = user_id
    return {
        "id": id or f"wamid.test{next(numbers)}",
        "timestamp": str(milliseconds(at) // 1000),
        "type": kind,
        **ids,
        **fields,
    }


def write(text, *, id="", sender=NUMBER, user_id="", at=None, **fields):
    one = message(
        id=id, sender=sender, user_id=user_id, at=at, text={"body": text}, **fields
    )
    return body_of(contacts=[contact(sender, user_id)], messages=[one])


def status(id, state, *, at=None, **fields):
    status_payload = {
        "id": id,
        "status": state,
        "timestamp": str(milliseconds(at) // 1000),
        "recipient_id": NUMBER,
        **fields,
    }
    return body_of(statuses=[status_payload])


PROVIDER = Provider(
    channel=Channel.WHATSAPP,
    secrets=SECRETS,
    settings={
        "app_id": APP_ID,
        "phone_number_id": NUMBER_ID,
        "waba_id": ACCOUNT,
        "verify_token": "meta-asks-for-this",
    },
    sign=sign,
    write=write,
    accepted=(
        200,
        {
            "messaging_product": "whatsapp",
            "contacts": [{"input": NUMBER, "wa_id": NUMBER}],
            "messages": [{"id": "wamid.sent1", "message_status": "accepted"}],
        },
    ),
    refused=(
        400,
        {
            "error": {
                "message": "(#131047) Re-engagement message",
                "type": "OAuthException",
                "code": 131047,
                "error_data": {
                    "messaging_product": "whatsapp",
                    "details": "More than 24 hours have passed.",
                },
            }
        },
    ),
    message_ids=("wamid.sent1",),
)
