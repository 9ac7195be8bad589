"""Who a visitor is: a random id, signed together with the web chat it belongs to.

The token stands in the browser's storage of the shop's site, never in a cookie.
"""

from uuid import UUID

from django.core import signing

_SALT = "webchat-visitor"
MAX_LENGTH = 300


def token_of(inbox_key: str, key: UUID) -> str:
    return signing.dumps([inbox_key, key.hex], salt=_SALT)


def read_token(inbox_key: str, token: str) -> UUID | None:
    """The visitor's id, or None where we have not signed it for this web chat."""
    if not token or len(token) > MAX_LENGTH:
        return None
    try:
        values = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if not isinstance(values, list) or len(values) != 2 or values[0] != inbox_key:
        return None
    try:
        return UUID(hex=str(values[1]))
    except ValueError:
        return None
