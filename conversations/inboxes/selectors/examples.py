"""Texts that people copy into their own systems, as they run there."""

import json

_SIGNING = """\
# pip install pyjwt
import time
import jwt

SECRET = "{secret}"

now = int(time.time())
token = jwt.encode(
    {{
        "sub": "C-10234",  # the shop's own customer number
        "name": "山田 太郎",
        "email": "taro@example.jp",
        "iat": now,
        "exp": now + 3600,  # at most 24 hours
    }},
    SECRET,
    algorithm="HS256",
)
# {line}
"""


def signing_example(embed_line: str, secret: str = "") -> str:
    """How a shop's server tells the chat who is signed in."""
    line = embed_line.replace(" async>", ' data-identity="{{ token }}" async>')
    return _SIGNING.format(secret=secret or "…", line=line)


def call_example(url: str, key: str = "") -> str:
    """One ringing call, as a shell posts it."""
    event = {
        "call_id": "pbx-0001",
        "type": "ringing",
        "from": "0312345678",
        "to": "201",
    }
    return _posted(url, key, event)


def link_example(url: str, key: str = "") -> str:
    """A shop's server tells which of its customers has signed in."""
    return _posted(url, key, {"nonce": "q1h3Zs0mWvQ2p5yV", "customer_id": "C-10234"})


def _posted(url: str, key: str, body: dict[str, str]) -> str:
    return (
        f"curl -X POST {url} \\\n"
        f"  -H 'Authorization: Bearer {key or '…'}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{json.dumps(body)}'"
    )
