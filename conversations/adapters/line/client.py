"""HTTP with LINE: the one seam. Source: LINE Messaging API reference."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after, taken
from conversations.choices import FailureCode

API = "https://api.line.me"
DATA = "https://api-data.line.me"
STICKERS = "https://stickershop.line-scdn.net"
_CODES = {
    401: FailureCode.CREDENTIALS,
    403: FailureCode.PERMISSION,
    413: FailureCode.CONTENT,
    415: FailureCode.CONTENT,
}


@dataclass(frozen=True)
class Address:
    """Where something is fetched; the token goes to LINE's own API alone."""

    url: str
    is_with_token: bool


class LineClient:
    def __init__(self, connection: Connection) -> None:
        self._api = connection.api or API
        self._data = connection.api or DATA
        self._stickers = connection.api or STICKERS
        self._token = connection.secrets.get("channel_access_token", "")
        self._is_simulated = bool(connection.api)

    def post(
        self, path: str, body: dict[str, Any] | None = None, *, retry_key: str = ""
    ) -> dict[str, Any]:
        """The answer's JSON; a repeat with the same key counts as accepted. Raises SendError."""
        headers = {"X-Line-Retry-Key": retry_key} if retry_key else {}
        response = self._request("POST", path, json=body, headers=headers)
        if response.status_code == httpx2.codes.CONFLICT and retry_key:
            return _json(response)
        _check(response)
        return taken(response)

    def get(self, path: str) -> dict[str, Any]:
        """Raises SendError."""
        response = self._request("GET", path)
        _check(response)
        return taken(response)

    def get_data(self, path: str) -> dict[str, Any]:
        """The same of the machine that holds the files. Raises SendError."""
        response = self._request("GET", path, base=self._data)
        _check(response)
        return taken(response)

    def content(self, message_id: str) -> Address:
        return Address(f"{self._data}/v2/bot/message/{message_id}/content", True)

    def sticker(self, sticker_id: str) -> Address:
        path = f"stickershop/v1/sticker/{sticker_id}/android/sticker.png"
        return Address(f"{self._stickers}/{path}", False)

    @contextmanager
    def stream(self, address: Address) -> Iterator[Iterator[bytes]]:
        """Raises SendError, also while it is read."""
        headers = self._headers() if address.is_with_token else {}
        try:
            with (
                outbound.file_client(is_guarded=not self._is_simulated) as client,
                client.stream("GET", address.url, headers=headers) as response,
            ):
                if response.status_code == httpx2.codes.ACCEPTED:
                    raise still_preparing()
                if response.status_code != httpx2.codes.OK:
                    response.read()
                    _check(response)
                    raise SendError(
                        FailureCode.REFUSED, permanent=True, status=response.status_code
                    )
                yield response.iter_bytes()
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    def _request(
        self, method: str, path: str, *, base: str = "", **options: Any
    ) -> httpx2.Response:
        headers = {**self._headers(), **options.pop("headers", {})}
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                return client.request(
                    method, f"{base or self._api}{path}", headers=headers, **options
                )
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def still_preparing() -> SendError:
    return SendError(FailureCode.PROVIDER, "being prepared", permanent=False)


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _check(response: httpx2.Response) -> None:
    status = response.status_code
    if status < 400:
        return
    detail = _detail(response)
    if status == 429 and "monthly limit" in detail:
        raise SendError(FailureCode.QUOTA, detail, permanent=True, status=status)
    if status == 429 or status >= 500:
        raise SendError(
            FailureCode.RATE if status == 429 else FailureCode.PROVIDER,
            detail,
            permanent=False,
            is_ambiguous=status >= 500,
            retry_after=retry_after(response),
            status=status,
        )
    code = _CODES.get(status) or _code_of_refusal(detail)
    raise SendError(code, detail, permanent=True, status=status)


def _detail(response: httpx2.Response) -> str:
    """LINE's own words, with what it says of single fields."""
    body = _json(response)
    words = [str(body.get("message", ""))]
    details = body.get("details")
    for one in details if isinstance(details, list) else []:
        if isinstance(one, dict):
            words.append(f"{one.get('property', '')}: {one.get('message', '')}")
    return " / ".join(words)[:300]


def _code_of_refusal(detail: str) -> FailureCode:
    """`Failed to send messages`: no such user at this provider. Source: LINE's FAQ."""
    if "Failed to send messages" in detail or "'to'" in detail:
        return FailureCode.RECIPIENT
    if "request body has" in detail:
        return FailureCode.CONTENT
    return FailureCode.REFUSED
