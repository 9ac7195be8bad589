"""HTTP with X: the one seam. Source: X, "Manage Direct Messages", "OAuth 2.0"."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after, taken
from conversations.adapters.renewal import Renewed, Setup
from conversations.choices import FailureCode

API = "https://api.x.com"
_FILES = (".twimg.com", ".x.com", ".twitter.com")
# An access token lives for two hours; it is exchanged this long before its end.
_EARLY = timedelta(minutes=2)
_DM_MEDIA = "/1.1/ton/data/dm/"


class XClient:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._api = connection.api or API
        self._is_simulated = bool(connection.api)
        self._secrets = connection.secrets

    # --- what the channel does ---
    def me(self) -> dict[str, Any]:
        """The account we write as. Raises SendError."""
        return _data(self.request("GET", "/2/users/me"))

    def send(self, recipient: str, message: Mapping[str, Any]) -> str:
        """The id of the new message. Raises SendError."""
        path = f"/2/dm_conversations/with/{_id(recipient)}/messages"
        return str(
            _data(self.request("POST", path, json=message)).get("dm_event_id", "")
        )

    def messages_with(self, person: str) -> list[dict[str, Any]]:
        """The newest messages of both sides. Raises SendError."""
        answer = self.request(
            "GET",
            f"/2/dm_conversations/with/{_id(person)}/dm_events",
            params={
                "event_types": "MessageCreate",
                "dm_event.fields": "created_at,sender_id,text",
                "max_results": "50",
            },
        )
        found = answer.get("data")
        return found if isinstance(found, list) else []

    def webhooks(self) -> Sequence[dict[str, Any]]:
        """The app's, as its bearer token sees them. Raises SendError."""
        found = self._request_as_app("/2/webhooks").get("data")
        return found if isinstance(found, list) else []

    def register(self, url: str) -> dict[str, Any]:
        """Our address as a webhook of the app: X asks it for proof at once. Raises SendError."""
        answer = self._request_as_app("/2/webhooks", "POST", json={"url": url})
        return _data(answer)

    def subscribe(self, webhook_id: str) -> None:
        """From now on the webhook gets the events of the account. Raises SendError."""
        path = f"/2/account_activity/webhooks/{_id(webhook_id)}/subscriptions/all"
        self.request("POST", path)

    def subscribers(self, webhook_id: str) -> set[str]:
        """Ids of the accounts whose events the webhook gets. Raises SendError."""
        path = f"/2/account_activity/webhooks/{_id(webhook_id)}/subscriptions/all/list"
        found = _data(self._request_as_app(path)).get("subscriptions") or []
        return {str(one.get("user_id")) for one in found if isinstance(one, dict)}

    @contextmanager
    def media(self, url: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a file of a message: only who takes part may see it. Raises SendError."""
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            with (
                outbound.file_client(is_guarded=not self._is_simulated) as client,
                client.stream("GET", self._file(url), headers=headers) as response,
            ):
                if response.status_code >= 300:
                    response.read()
                    raise _refusal(response)
                yield response.iter_bytes()
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    def _file(self, url: str) -> str:
        """Pictures of messages have an address of their own for tokens like ours."""
        parts = urlsplit(url)
        if parts.path.startswith(_DM_MEDIA):
            names = parts.path.removeprefix(_DM_MEDIA)
            return f"{self._api}/2/dm_conversations/media/{names}"
        is_theirs = parts.scheme == "https" and (parts.hostname or "").endswith(_FILES)
        if not is_theirs and not url.startswith(f"{self._api}/"):
            raise SendError(FailureCode.SET_UP, "not a host of X", permanent=True)
        return url

    # --- HTTP ---
    def request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """As the account. A token that X knows no more is exchanged, once. Raises SendError."""
        token = self._token()
        response = self._request(method, path, token, **options)
        if response.status_code == httpx2.codes.UNAUTHORIZED and self._can_renew:
            response = self._request(method, path, self._renew(), **options)
        if response.status_code >= 300:
            raise _refusal(response)
        return taken(response)

    def _request_as_app(
        self, path: str, method: str = "GET", **options: Any
    ) -> dict[str, Any]:
        token = self._secrets.get("bearer_token", "")
        response = self._request(method, path, token, **options)
        if response.status_code >= 300:
            raise _refusal(response)
        return taken(response)

    def _request(
        self, method: str, path: str, token: str, **options: Any
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                return client.request(
                    method, f"{self._api}{path}", headers=headers, **options
                )
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error

    # --- the token ---
    @property
    def _can_renew(self) -> bool:
        has_token = bool(self._secrets.get("refresh_token"))
        return has_token and self._connection.renew is not None

    def _token(self) -> str:
        if not self._secrets.get("refresh_token"):
            raise SendError(FailureCode.SET_UP, "not signed in yet", permanent=True)
        if self._can_renew and self._is_stale:
            return self._renew()
        return self._secrets.get("access_token", "")

    @property
    def _is_stale(self) -> bool:
        """At its end, or of a sign-in that an admin has replaced by another."""
        until = self._secrets.get("access_token_until", "")
        now = datetime.now(UTC)
        return (
            not self._secrets.get("access_token")
            or (bool(until) and datetime.fromisoformat(until) - _EARLY < now)
            or self._secrets.get("access_token_of", self._secrets["refresh_token"])
            != self._secrets["refresh_token"]
        )

    def _renew(self) -> str:
        if self._connection.renew is not None:
            known = {"refresh_token": self._secrets.get("refresh_token", "")}
            try:
                self._secrets = self._connection.renew(self._exchange, stale=known)
            except SendError as error:
                error.is_ambiguous = False  # the message itself has not left
                raise
        return self._secrets.get("access_token", "")

    def let_in(self, code: str, *, verifier: str, redirect: str) -> Renewed:
        """What the code of X's page is worth, for half a minute. Raises SendError."""
        fields = {"code": code, "code_verifier": verifier, "redirect_uri": redirect}
        grant = {"grant_type": "authorization_code", **fields}
        return self._tokens(grant, self._secrets)

    def _exchange(self, secrets: Setup) -> Renewed:
        """X takes a refresh token once and gives another with the access token."""
        used = secrets.get("refresh_token", "")
        grant = {"grant_type": "refresh_token", "refresh_token": used}
        return self._tokens(grant, secrets)

    def _tokens(self, grant: Setup, secrets: Setup) -> Renewed:
        client_id = self._connection.settings.get("client_id", "")
        client_secret = secrets.get("client_secret", "")
        options: dict[str, Any] = {"data": {**grant, "client_id": client_id}}
        if client_secret:
            options["auth"] = httpx2.BasicAuth(client_id, client_secret)
        response = self._request("POST", "/2/oauth2/token", "", **options)
        body = _json(response)
        if response.status_code >= 500 or response.status_code == 429:
            raise _refusal(response)
        if response.status_code >= 300 or not body.get("access_token"):
            detail = str(body.get("error_description") or body.get("error") or "")
            raise SendError(
                FailureCode.CREDENTIALS,
                detail[:250],
                permanent=True,
                status=response.status_code,
            )
        seconds = body.get("expires_in")
        life = timedelta(seconds=seconds if isinstance(seconds, int) else 7200)
        following = str(body.get("refresh_token") or grant.get("refresh_token", ""))
        return Renewed(
            {
                "access_token": str(body["access_token"]),
                "access_token_until": (datetime.now(UTC) + life).isoformat(),
                "access_token_of": following,
                "refresh_token": following,
            }
        )


def _id(text: str) -> str:
    """Part of an address. Raises SendError."""
    if not text.isascii() or not text.isalnum():
        raise SendError(FailureCode.RECIPIENT, "not an id of X", permanent=True)
    return text


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _data(body: Mapping[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def _refusal(response: httpx2.Response) -> SendError:
    status = response.status_code
    body = _json(response)
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    words = body.get("detail") or (first.get("message") if first else "") or ""
    detail = str(words or body.get("title") or "")[:250]
    is_late = status == httpx2.codes.TOO_MANY_REQUESTS
    is_used_up = status == 402 or (is_late and "UsageCap" in str(body.get("title")))
    code = _code(status, detail.lower())
    if is_used_up:
        code = FailureCode.QUOTA
    return SendError(
        code,
        detail,
        permanent=status < 500 and (not is_late or is_used_up),
        is_ambiguous=status >= 500,
        retry_after=_wait(response),
        status=status,
    )


def _code(status: int, detail: str) -> FailureCode:
    if status >= 500:
        return FailureCode.PROVIDER
    # X has one status for "you may not" and "they do not want it".
    if status == 403 and ("participants" in detail or "this user" in detail):
        return FailureCode.BLOCKED
    return {
        401: FailureCode.CREDENTIALS,
        403: FailureCode.PERMISSION,
        404: FailureCode.RECIPIENT,
        429: FailureCode.RATE,
    }.get(status, FailureCode.REFUSED)


def _wait(response: httpx2.Response) -> float | None:
    """Seconds until X's window begins anew; it says when, not how long."""
    seconds = retry_after(response)
    if seconds is not None:
        return seconds
    reset = response.headers.get("x-rate-limit-reset", "")
    return max(0.0, int(reset) - time.time()) if reset.isdecimal() else None
