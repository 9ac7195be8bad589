"""Who is at the door: Meta's signature, and its question whether we are there."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from conversations.adapters.base import Acknowledgement, Connection, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError, InvalidSignatureError
from conversations.adapters.masking import read_json


def verify(connection: Connection, request: WebhookRequest) -> None:
    """Source: Webhooks from Meta, "Validating payloads". Raises InvalidSignatureError."""
    signature = request.headers.get("x-hub-signature-256", "").encode(errors="replace")
    for secret in connection.secret_values("app_secret"):
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(f"sha256={digest}".encode(), signature):
            return
    raise InvalidSignatureError


def challenge(connection: Connection, request: WebhookRequest) -> Acknowledgement:
    """Meta asks once, when the address is saved. Raises InvalidSignatureError."""
    expected = connection.settings.get("verify_token", "")
    given = request.query.get("hub.verify_token", "")
    is_ours = hmac.compare_digest(expected.encode(), given.encode(errors="replace"))
    if request.query.get("hub.mode") != "subscribe" or not expected or not is_ours:
        raise InvalidSignatureError
    return Acknowledgement(request.query.get("hub.challenge", ""))


def entries(body: bytes, *, of: str) -> Sequence[dict[str, Any]]:
    """The entries of a webhook about `of`; an odd one as one odd change.

    Raises InvalidPayloadError.
    """
    payload = read_json(body)
    if not isinstance(payload, dict) or payload.get("object") != of:
        raise InvalidPayloadError(f"no event of {of}")
    found = payload.get("entry")
    if not isinstance(found, list):
        raise InvalidPayloadError("no list of entries")
    return [one if isinstance(one, dict) else {"changes": one} for one in found]


def listed(value: Mapping[str, Any], name: str) -> list[Any]:
    """A list inside a webhook; what is none counts as the one thing in it.

    So it fails alone where it is understood, and all around it does not.
    """
    found = value.get(name)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def digest_of(value: Any) -> str:
    """The same for the same JSON, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
