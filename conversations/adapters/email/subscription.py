"""Amazon asks once whether we want the events of a topic: a look at its address says yes."""

import json
from urllib.parse import urlsplit

import httpx2

from agentdesk import outbound
from conversations.adapters.base import WebhookRequest
from conversations.adapters.failures import InvalidSignatureError

CONFIRMATION = "SubscriptionConfirmation"
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn")


def confirm_subscription(request: WebhookRequest) -> None:
    """Before anything is kept. Raises InvalidSignatureError where it is not Amazon's."""
    try:
        notice = json.loads(request.body)
        if not isinstance(notice, dict) or notice.get("Type") != CONFIRMATION:
            return
        address = str(notice["SubscribeURL"])
    except (ValueError, KeyError, RecursionError):
        return
    if not is_amazons(address):
        raise InvalidSignatureError
    try:
        with outbound.client() as client:
            client.get(address).raise_for_status()
    except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
        raise InvalidSignatureError from error


def is_amazons(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and port in {None, 443}
        and host.startswith("sns.")
        and host.endswith(_AMAZON)
    )
