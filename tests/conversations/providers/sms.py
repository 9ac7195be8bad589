import base64
import hashlib
import hmac
import itertools
from urllib.parse import parse_qsl, urlencode

from conversations.choices import Channel
from tests.conversations.providers.base import Provider

ACCOUNT = "AC" + "0123456789abcdef" * 2
NUMBER = "+815031234567"
CUSTOMER = "+819012345678"
SID = "SM" + "5f" * 16
_numbers = itertools.count(1)


def new_sid(kind="SM"):
    return f"{kind}{next(_numbers):032x}"


def sign(body, url, secrets):
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    if "bodySHA256" in url:
        fields = []
    text = url + "".join(name + value for name, value in sorted(fields))
    code = hmac.new(
        secrets["auth_token"].encode(), text.encode(errors="replace"), hashlib.sha1
    )
    return {"X-Twilio-Signature": base64.b64encode(code.digest()).decode()}


def form(**fields):
    return urlencode(fields).encode()


def write(text, *, id="", sender=CUSTOMER, at=None, **more):
    sid = id or new_sid()
    return form(
        ToCountry="JP",
        SmsMessageSid=sid,
        NumMedia="0",
        SmsSid=sid,
        SmsStatus="received",
        Body=text,
        To=NUMBER,
        NumSegments="1",
        MessageSid=sid,
        AccountSid=ACCOUNT,
        From=sender,
        ApiVersion="2010-04-01",
        **more,
    )


def receipt(sid, status, **more):
    return form(
        SmsSid=sid,
        SmsStatus=status,
        MessageStatus=status,
        To=CUSTOMER,
        MessageSid=sid,
        AccountSid=ACCOUNT,
        From=NUMBER,
        ApiVersion="2010-04-01",
        **more,
    )


PROVIDER = Provider(
    channel=Channel.SMS,
    settings={"account_sid": ACCOUNT, "number": NUMBER},
    secrets={"auth_token": "0123456789abcdef" * 2},
    sign=sign,
    write=write,
    accepted=(201, {"sid": SID, "status": "queued", "num_segments": "1"}),
    refused=(
        400,
        {
            "code": 21211,
            "message": "Invalid 'To' Phone Number: +8190XXXX",
            "more_info": "https://www.twilio.com/docs/errors/21211",
            "status": 400,
        },
    ),
    message_ids=(SID,),
    content_type="application/x-www-form-urlencoded",
)
