"""HTTP with the Graph API: the one seam. Source: Graph API reference, v25.0."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from agentdesk import http_client as outbound
from agentdesk.http_client import PrivateAddressError
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after, taken
from conversations.adapters.meta_graph.errors import failure, requested_wait_of
from conversations.choices import FailureCode

API = "https://graph.facebook.com"
VERSION = "v25.0"
UPLOAD_SECONDS = 60.0


class GraphClient:
    def __init__(self, connection: Connection) -> None:
        self._api = f"{connection.api or API}/{VERSION}"
        self._token = connection.secrets.get("access_token", "")
        self._app_secret = connection.secrets.get("app_secret", "")
        self._is_simulated = bool(connection.api)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Raises SendError."""
        return self._checked(self._request("GET", path, params=self._proved(query)))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises SendError."""
        return self._checked(
            self._request("POST", path, params=self._proved({}), json=dict(body))
        )

    def upload(
        self, path: str, values: Mapping[str, str], field: str, file: tuple[Any, ...]
    ) -> dict[str, Any]:
        """A form with one file (name, bytes, content type). Raises SendError."""
        answer = self._request(
            "POST",
            path,
            params=self._proved({}),
            data=dict(values),
            files={field: file},
            timeout=UPLOAD_SECONDS,
        )
        return self._checked(answer)

    def inspect_token(self, app_id: str) -> dict[str, Any]:
        """What Meta knows of our token. Raises SendError."""
        answer = self.as_app("GET", "/debug_token", app_id, input_token=self._token)
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    def as_app(
        self, method: str, path: str, app_id: str, **query: str
    ) -> dict[str, Any]:
        """A request in the name of the app itself. Raises SendError."""
        token = f"{app_id}|{self._app_secret}"
        params = {**query, "access_token": token}
        return self._checked(self._request(method, path, params=params, is_app=True))

    @contextmanager
    def stream(self, url: str, *, is_signed: bool = False) -> Iterator[Iterator[bytes]]:
        """The bytes behind an address of Meta's; `is_signed` with our token."""
        headers = {"Authorization": f"Bearer {self._token}"} if is_signed else {}
        try:
            with (
                outbound.file_client(is_guarded=not self._is_simulated) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                if response.status_code != httpx2.codes.OK:
                    raise _gone(response.status_code)
                yield response.iter_bytes()
        except (httpx2.HTTPError, httpx2.InvalidURL, PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    def _proved(self, query: Mapping[str, str]) -> dict[str, str]:
        """With the proof that an app may demand of its callers.

        Source: Graph API, "Secure Graph API calls", appsecret_proof.
        """
        if not self._app_secret or not self._token:
            return dict(query)
        key, token = self._app_secret.encode(), self._token.encode()
        proof = hmac.new(key, token, hashlib.sha256).hexdigest()
        return {**query, "appsecret_proof": proof}

    def _request(
        self, method: str, path: str, *, is_app: bool = False, **options: Any
    ) -> httpx2.Response:
        headers = {} if is_app else {"Authorization": f"Bearer {self._token}"}
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                return client.request(
                    method, f"{self._api}{path}", headers=headers, **options
                )
        except (httpx2.HTTPError, PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    def _checked(self, response: httpx2.Response) -> dict[str, Any]:
        body = _json(response)
        error = body.get("error")
        if response.status_code < 400 and not error:
            return taken(response)
        waits = (retry_after(response), requested_wait_of(response.headers))
        raise failure(
            response.status_code,
            error if isinstance(error, dict) else {},
            requested_wait=max((one for one in waits if one), default=None),
        )


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _gone(status: int) -> SendError:
    """An address for a file that no longer works, or does not at this moment."""
    is_passing = status == 429 or status >= 500
    return SendError(FailureCode.PROVIDER, permanent=not is_passing, status=status)
