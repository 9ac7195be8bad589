"""Web push: what a browser shows while no page of ours is open.

The message is sealed for that browser alone (RFC 8291), and signed by us (RFC 8292), so
that its maker's server, which carries it, neither reads it nor takes it from others.
Written with what is here already: the usual library brings two more HTTP clients, which
would call whatever address a browser names, past the guard of `http_client`.
"""

import base64
import os
import struct
import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from agentdesk import http_client as outbound

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD_BYTES = 4096
_SIGNED_FOR = 12 * 3600  # seconds; at most a day. Source: RFC 8292, section 2
_GONE = {404, 410}
_SECONDS = 20.0
_ANSWER_BYTES = 64 * 1024


class EndpointGoneError(Exception):
    """The browser has taken its subscription back: nothing is sent there again."""


class PushError(Exception):
    """It was not taken; the next one may be."""


@dataclass(frozen=True)
class Receiver:
    """One browser: where its pushes go, its public key, and a secret it has chosen."""

    endpoint: str
    p256dh: str
    auth: str


def is_endpoint(address: str) -> bool:
    """Whether it may be one at all; which hosts may be called is seen when it is."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    named = bool(parts.hostname) and not parts.username and not parts.password
    # On another port stand no makers of browsers, but a server of one's own may.
    is_usual = port in {None, 443} or settings.ALLOW_PRIVATE_ADDRESSES
    return parts.scheme == "https" and named and is_usual


def is_key(text: str, length: int) -> bool:
    try:
        return len(_decoded(text)) == length
    except ValueError:
        return False


def send(receiver: Receiver, payload: bytes, *, seconds_good: int) -> None:
    """Raises EndpointGoneError, PushError, PrivateAddressError."""
    sealed = seal(payload, _decoded(receiver.p256dh), _decoded(receiver.auth))
    headers = {
        "Authorization": _signature(receiver.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds_good),
        "Urgency": "high",
    }
    try:
        with outbound.client(seconds=_SECONDS, most_bytes=_ANSWER_BYTES) as client:
            response = client.post(receiver.endpoint, content=sealed, headers=headers)
    except httpx2.HTTPError as error:
        raise PushError(type(error).__name__) from error
    if response.status_code in _GONE:
        raise EndpointGoneError
    if not response.is_success:
        raise PushError(str(response.status_code))


def seal(
    payload: bytes,
    public: bytes,
    secret: bytes,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """`own` and `salt` are new for each message. Raises ValueError for a broken key.

    Source: RFC 8291, section 3.4; RFC 8188, section 2.
    """
    own, salt = own or ec.generate_private_key(_CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    ours = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    keying = _derived(shared, secret, b"WebPush: info\0" + public + ours, 32)
    key = _derived(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(keying, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + struct.pack("!IB", _RECORD_BYTES, len(ours)) + ours
    return head + AESGCM(key).encrypt(nonce, payload + b"\x02", None)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)


def public_key() -> str:
    """What a browser subscribes with: it takes pushes of this installation alone."""
    return _encoded(_point(_private_key(*_sources()).public_key()))


def new_private_key() -> str:
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return _encoded(number.to_bytes(32, "big"))


def _sources() -> tuple[str, str]:
    return settings.VAPID_PRIVATE_KEY, settings.SECRET_KEY


@lru_cache(maxsize=2)
def _private_key(given: str, secret: str) -> ec.EllipticCurvePrivateKey:
    """The one that is set, else one that follows from SECRET_KEY: every process has it."""
    if given:
        number = int.from_bytes(_decoded(given), "big")
    else:
        derived = _derived(secret.encode(), b"", b"agentdesk web push", 48)
        number = int.from_bytes(derived, "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, _CURVE)


def _signature(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _SIGNED_FOR,
        "sub": _contact(),
    }
    token = jwt.encode(claims, _private_key(*_sources()), algorithm="ES256")
    return f"vapid t={token}, k={public_key()}"


def _contact() -> str:
    """Whom the maker of a browser may write to."""
    if settings.PUBLIC_URL.startswith("https://"):
        return str(settings.PUBLIC_URL)
    return f"mailto:{settings.DEFAULT_FROM_EMAIL}"


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
