"""HTTP with Telegram: the one seam. Source: Telegram Bot API, "Making requests"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after, taken
from conversations.choices import FailureCode

API = "https://api.telegram.org"
# What its descriptions say, in lower case, and what that means to an agent.
_MEANINGS = (
    ("bot was blocked", FailureCode.BLOCKED),
    ("user is deactivated", FailureCode.RECIPIENT),
    ("chat not found", FailureCode.RECIPIENT),
    ("can't initiate conversation", FailureCode.RECIPIENT),
    ("is too long", FailureCode.TOO_LONG),
    ("too big", FailureCode.FILE_SIZE),
    ("photo_", FailureCode.FILE_KIND),
    ("image_process_failed", FailureCode.FILE_KIND),
    ("wrong file", FailureCode.FILE_KIND),
    ("wrong type", FailureCode.FILE_KIND),
    ("message text is empty", FailureCode.CONTENT),
)
_STATUSES = {
    401: FailureCode.CREDENTIALS,
    403: FailureCode.PERMISSION,
    404: FailureCode.CREDENTIALS,  # a token that is none
    413: FailureCode.FILE_SIZE,
}


class TelegramClient:
    """The token stands in every address: none is ever logged or shown."""

    def __init__(self, connection: Connection) -> None:
        self._api = connection.api or API
        self._token = connection.secrets.get("bot_token", "")
        self._is_simulated = bool(connection.api)

    def call(
        self,
        method: str,
        values: Mapping[str, Any] | None = None,
        *,
        file: tuple[str, tuple[str, bytes, str]] | None = None,
    ) -> Any:
        """The answer's `result`. `file`: its field, then name, bytes, type. Raises SendError."""
        options: dict[str, Any] = {"json": dict(values or {})}
        if file is not None:
            options = {"data": dict(values or {}), "files": {file[0]: file[1]}}
        url = f"{self._api}/bot{self._token}/{method}"
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                response = client.post(url, **options)
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error
        _check(response)
        return taken(response).get("result")

    @contextmanager
    def stream(self, file_path: str) -> Iterator[Iterator[bytes]]:
        """Raises SendError, also while it is read."""
        url = f"{self._api}/file/bot{self._token}/{file_path}"
        try:
            with (
                outbound.file_client(is_guarded=not self._is_simulated) as client,
                client.stream("GET", url) as response,
            ):
                if response.status_code != httpx2.codes.OK:
                    response.read()
                    _check(response)
                    raise SendError(
                        FailureCode.REFUSED, permanent=True, status=response.status_code
                    )
                yield response.iter_bytes()
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error


def _check(response: httpx2.Response) -> None:
    status = response.status_code
    if status < 400:
        return
    body = _json(response)
    detail = str(body.get("description", ""))[:300]
    if status == 429 or status >= 500:
        raise SendError(
            FailureCode.RATE if status == 429 else FailureCode.PROVIDER,
            detail,
            permanent=False,
            is_ambiguous=status >= 500,
            retry_after=_retry_after(body) or retry_after(response),
            status=status,
        )
    raise SendError(_code_of(status, detail), detail, permanent=True, status=status)


def _code_of(status: int, detail: str) -> FailureCode:
    words = detail.lower()
    named = (code for part, code in _MEANINGS if part in words)
    return next(named, _STATUSES.get(status, FailureCode.REFUSED))


def _retry_after(body: Mapping[str, Any]) -> float | None:
    """Seconds; a gateway before the API says them in a header. Source: Telegram Bot API, "ResponseParameters"."""
    parameters = body.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else None


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
