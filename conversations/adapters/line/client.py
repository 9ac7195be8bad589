"""HTTP with LINE: the one seam. Source: LINE Messaging API reference."""

from typing import Any

import httpx2

from agentdesk import outbound
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after
from conversations.choices import FailureCode

API = "https://api.line.me"
DATA = "https://api-data.line.me"


class LineClient:
    def __init__(self, connection: Connection) -> None:
        self._api = connection.api or API
        self._data = connection.api or DATA
        self._token = connection.secrets.get("channel_access_token", "")
        self._is_simulated = bool(connection.api)

    def post(
        self, path: str, body: dict[str, Any], *, retry_key: str = ""
    ) -> dict[str, Any]:
        """The answer's JSON; a repeat with the same key counts as accepted. Raises SendError."""
        headers = {"X-Line-Retry-Key": retry_key} if retry_key else {}
        response = self._ask("POST", path, json=body, headers=headers)
        if response.status_code == httpx2.codes.CONFLICT and retry_key:
            return self._json(response)
        self._check(response)
        return self._json(response)

    def get(self, path: str) -> dict[str, Any]:
        """Raises SendError."""
        response = self._ask("GET", path)
        self._check(response)
        return self._json(response)

    def _ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {
            "Authorization": f"Bearer {self._token}",
            **options.pop("headers", {}),
        }
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                return client.request(
                    method, f"{self._api}{path}", headers=headers, **options
                )
        except httpx2.HTTPError as error:
            raise failure_of_transport(error) from error

    def _json(self, response: httpx2.Response) -> dict[str, Any]:
        try:
            told = response.json()
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def _check(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status < 400:
            return
        detail = str(self._json(response).get("message", ""))[:300]
        if status == 429 and "monthly limit" in detail:
            raise SendError(FailureCode.QUOTA, detail, permanent=True, status=status)
        if status == 429:
            raise SendError(
                FailureCode.RATE,
                detail,
                permanent=False,
                retry_after=retry_after(response),
                status=status,
            )
        if status >= 500:
            raise SendError(
                FailureCode.PROVIDER,
                detail,
                permanent=False,
                is_ambiguous=True,
                retry_after=retry_after(response),
                status=status,
            )
        code = {401: FailureCode.CREDENTIALS, 403: FailureCode.PERMISSION}.get(
            status, FailureCode.REFUSED
        )
        raise SendError(code, detail, permanent=True, status=status)
