"""What Meta's three channels have in common towards us."""

import hashlib
import hmac
import itertools
import json
import time

APP_ID = "1517776481860111"
APP_SECRET = "0123456789abcdef0123456789abcdef"
SECRETS = {"app_secret": APP_SECRET, "access_token": "EAAG-token-of-the-test"}
REFUSED = (
    400,
    {
        "error": {
            "message": "(#10) This message is sent outside of allowed window.",
            "type": "OAuthException",
            "code": 10,
            "error_subcode": 2018278,
            "fbtrace_id": "BLBz/WZt8dN",
        }
    },
)
numbers = itertools.count(1)


def sign(body, url, secrets):
    digest = hmac.new(secrets["app_secret"].encode(), body, hashlib.sha256)
    return {"X-Hub-Signature-256": f"sha256={digest.hexdigest()}"}


def milliseconds(at=None):
    return int((at.timestamp() if at else time.time()) * 1000)


def encoded(value):
    return json.dumps(value, ensure_ascii=False).encode()
