"""Whether Twilio has signed a request. Source: Twilio, "Secure webhooks".

What is signed is the address as Twilio was given it, and the form's fields sorted by
name behind it. Behind a proxy we see another address, so we go by our public one alone:
what a request says of its own host is not believed.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlsplit

from conversations.adapters.base import WebhookRequest

_PORTS = {"https": 443, "http": 80}
Form = Sequence[tuple[str, str]]


def form_of(body: bytes) -> Form:
    return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)


def is_signed(request: WebhookRequest, tokens: Iterable[str]) -> bool:
    """By one of the account's tokens: the current one, or the one before it."""
    signature = request.headers.get("x-twilio-signature", "").encode()
    digest = request.query.get("bodySHA256", "")
    if digest:  # a body that is no form, signed by its digest in the address
        own = hashlib.sha256(request.body).hexdigest()
        if not hmac.compare_digest(own.encode(), digest.lower().encode()):
            return False
    fields = "" if digest else _sorted(form_of(request.body))
    return any(
        hmac.compare_digest(sign(token, url + fields).encode(), signature)
        for token in tokens
        for url in addresses(request.url)
    )


def sign(token: str, text: str) -> str:
    code = hmac.new(token.encode(), text.encode(errors="replace"), hashlib.sha1)
    return base64.b64encode(code.digest()).decode()


def _sorted(form: Form) -> str:
    """A name that comes twice counts with each of its values, the same one once."""
    return "".join(name + value for name, value in sorted(set(form)))


def addresses(url: str) -> list[str]:
    """The address with its port and without: Twilio signs either."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    name, _colon, port = host.rpartition(":")
    if name and port.isdecimal():
        other = name
    else:
        other = f"{host}:{_PORTS.get(parts.scheme, 443)}"
    return [url, parts._replace(netloc=parts.netloc.replace(host, other)).geturl()]
