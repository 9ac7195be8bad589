"""Who is at the door: Meta's signature, and its question whether we are there."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from conversations.adapters.base import Acknowledgement, Connection, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError, InvalidSignatureError
from conversations.adapters.masking import read_json


def verify(connection: Connection, request: WebhookRequest) -> None:
    """Source: Webhooks from Meta, "Validating payloads". Raises InvalidSignatureError."""
    told = request.headers.get("x-hub-signature-256", "").encode(errors="replace")
    for secret in connection.secret_values("app_secret"):
        digest = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(f"sha256={digest}".encode(), told):
            return
    raise InvalidSignatureError


def challenge(connection: Connection, request: WebhookRequest) -> Acknowledgement:
    """Meta asks once, when the address is saved. Raises InvalidSignatureError."""
    expected = connection.settings.get("verify_token", "")
    told = request.query.get("hub.verify_token", "")
    is_ours = hmac.compare_digest(expected.encode(), told.encode(errors="replace"))
    if request.query.get("hub.mode") != "subscribe" or not expected or not is_ours:
        raise InvalidSignatureError
    return Acknowledgement(request.query.get("hub.challenge", ""))


def entries(body: bytes, *, of: str) -> Sequence[dict[str, Any]]:
    """The entries of a webhook about `of`. Raises InvalidPayloadError."""
    told = read_json(body)
    if not isinstance(told, dict) or told.get("object") != of:
        raise InvalidPayloadError(f"no event of {of}")
    found = told.get("entry")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidPayloadError("no list of entries")
    return found


def listed(value: Any, name: str) -> list[Any]:
    """A list inside a webhook; empty where it is missing. Raises InvalidPayloadError."""
    found = value.get(name) if isinstance(value, dict) else None
    if found is None:
        return []
    if not isinstance(found, list):
        raise InvalidPayloadError(f"{name} is no list")
    return found


def digest_of(value: Any) -> str:
    """The same for the same JSON, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def where(error: ValidationError) -> str:
    """What is wrong with a payload, and where, without a word of the customer's."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(one) for one in first["loc"])
    return f"{place}: {first['msg']}"[:300]
