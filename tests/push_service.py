"""The server of a browser's maker, on loopback and over TLS, and the browser behind it."""

import base64
import ipaddress
import json
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CURVE = ec.SECP256R1()


def text_of(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    kind = serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(serialization.Encoding.X962, kind)


@dataclass
class Device:
    """A browser: it opens what was sealed for it, as RFC 8291 says."""

    endpoint: str
    secret: bytes = b"sixteen bytes ok"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )

    @property
    def form(self) -> dict[str, str]:
        return {
            "endpoint": self.endpoint,
            "p256dh": text_of(point(self.key.public_key())),
            "auth": text_of(self.secret),
        }

    def opened(self, body: bytes) -> dict[str, str]:
        salt, (_size, length) = body[:16], struct.unpack("!IB", body[16:21])
        sender = body[21 : 21 + length]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + point(self.key.public_key()) + sender
        keying = _derived(shared, self.secret, info, 32)
        key = _derived(keying, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(keying, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        assert plain.endswith(b"\x02")
        found: dict[str, str] = json.loads(plain[:-1])
        return found


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


@dataclass
class PushService:
    server: HTTPServer
    trusted: ssl.SSLContext
    status: int = 201
    requests: list[Request] = field(default_factory=list)

    def device(self, name: str = "one") -> Device:
        return Device(self.server.url_for(f"/push/{name}"))

    def take(self, request: Request) -> Response:
        request.get_data(cache=True)
        self.requests.append(request)
        return Response(status=self.status)

    def claims(self) -> dict[str, Any]:
        """Of the last one, whose signature is looked at."""
        scheme, rest = self.requests[-1].headers["Authorization"].split(" ", 1)
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes_of(parts["k"]))
        audience = self.server.url_for("").rstrip("/")
        return jwt.decode(parts["t"], key, algorithms=["ES256"], audience=audience)


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    certificate = _certificate(folder)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with HTTPServer(host="127.0.0.1", ssl_context=ours) as server:
        service = PushService(server, trusted)
        for name in ("one", "two"):
            place = server.expect_request(f"/push/{name}", method="POST")
            place.respond_with_handler(service.take)
        yield service


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(CURVE)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(tz=UTC)
    place = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(place, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "push.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
