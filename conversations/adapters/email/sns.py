"""Amazon's notices: signed by Amazon SNS, and asked for once by a look at an address.

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".
"""

import base64
import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from agentdesk import http_client as outbound
from conversations.adapters.base import WebhookRequest
from conversations.adapters.failures import InvalidSignatureError, NotNowError

CONFIRMATION = "SubscriptionConfirmation"
_HOST = r"https://sns\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?"
_CERTIFICATE = re.compile(_HOST + r"/SimpleNotificationService-[0-9a-zA-Z]{1,80}\.pem")
_CONFIRMING = re.compile(_HOST + r"/\?[^\s#]{1,2000}")
_LARGEST_CERTIFICATE = 20_000  # bytes
_MOST_STORED = 20
# SHA-1 is what topics of Amazon sign with unless told otherwise.
_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "1": hashes.SHA1(),  # noqa: S303  # theirs to choose
    "2": hashes.SHA256(),
}
_SIGNED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_CONFIRMING = (
    *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn"),
    "Type",
)

_stored: dict[str, x509.Certificate] = {}
_lock = threading.Lock()


def verify_notice(request: WebhookRequest, account: str) -> None:
    """And says yes where Amazon asks whether we want the events of a topic.

    Amazon signs for everybody: `account` is the one whose topics are ours. Empty in an
    inbox from before it was asked for. Raises InvalidSignatureError, NotNowError.
    """
    notice = _notice(request.body)
    if account and _account_of(str(notice.get("TopicArn"))) != account:
        raise InvalidSignatureError
    if not is_certificate(address := str(notice.get("SigningCertURL"))):
        raise InvalidSignatureError
    digest = _DIGESTS.get(str(notice.get("SignatureVersion")))
    key = _certificate(address).public_key()
    if digest is None or not isinstance(key, rsa.RSAPublicKey):
        raise InvalidSignatureError
    try:
        signature = base64.b64decode(str(notice["Signature"]), validate=True)
        key.verify(signature, _signed(notice), padding.PKCS1v15(), digest)
    except (KeyError, ValueError, InvalidSignature) as error:
        raise InvalidSignatureError from error
    if notice.get("Type") == CONFIRMATION:
        _confirm(str(notice.get("SubscribeURL")))


def _notice(body: bytes) -> dict[str, Any]:
    try:
        notice = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidSignatureError from error
    if not isinstance(notice, dict):
        raise InvalidSignatureError
    return notice


def _account_of(arn: str) -> str:
    """arn:aws:sns:ap-northeast-1:123456789012:inbound"""
    parts = arn.split(":")
    return parts[4] if len(parts) == 6 else ""


def _signed(notice: Mapping[str, Any]) -> bytes:
    is_notification = notice.get("Type") == "Notification"
    names = _SIGNED if is_notification else _SIGNED_CONFIRMING
    return "".join(
        f"{name}\n{notice[name]}\n" for name in names if notice.get(name) is not None
    ).encode()


def is_certificate(address: str) -> bool:
    return _CERTIFICATE.fullmatch(address) is not None


def is_confirming(address: str) -> bool:
    return _CONFIRMING.fullmatch(address) is not None


def _certificate(address: str) -> x509.Certificate:
    """The address names it for good: what it says is kept."""
    with _lock:
        found = _stored.get(address)
    if found is None:
        try:
            found = x509.load_pem_x509_certificate(_fetched(address))
        except ValueError as error:
            raise InvalidSignatureError from error
        with _lock:
            if len(_stored) >= _MOST_STORED:
                _stored.clear()
            _stored[address] = found
    if not found.not_valid_before_utc <= datetime.now(UTC) <= found.not_valid_after_utc:
        raise InvalidSignatureError
    return found


def _fetched(address: str) -> bytes:
    try:
        with outbound.client() as client:
            answer = client.get(address)
    except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
        raise NotNowError("Amazon's certificate cannot be had") from error
    if answer.status_code >= 500:
        raise NotNowError("Amazon's certificate cannot be had")
    if answer.status_code != 200 or len(answer.content) > _LARGEST_CERTIFICATE:
        raise InvalidSignatureError
    return bytes(answer.content)


def _confirm(address: str) -> None:
    if not is_confirming(address):
        raise InvalidSignatureError
    try:
        with outbound.client() as client:
            client.get(address).raise_for_status()
    except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
        raise NotNowError("Amazon's subscription cannot be confirmed") from error
