"""HTTP with Twilio: the one seam. Source: Twilio, "Messages resource"."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.base import Connection
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport, retry_after, taken
from conversations.adapters.sms.failures import refusal
from conversations.choices import FailureCode

API = "https://api.twilio.com"
MESSAGING = "https://messaging.twilio.com"
# Where the files of messages may be: the API sends us on to where they are stored.
_FILES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")
_MOST_HOPS = 4
_MOST_PAGES = 200


class TwilioClient:
    def __init__(self, connection: Connection) -> None:
        self._api = connection.api or API
        self._messaging = connection.api or MESSAGING
        self._is_simulated = bool(connection.api)
        self._sid = connection.settings.get("account_sid", "")
        token = connection.secrets.get("auth_token", "")
        self._auth = httpx2.BasicAuth(self._sid, token)

    def create(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Raises SendError, ambiguous where Twilio may have taken the message."""
        return self._request("POST", self._path("Messages.json"), data=dict(fields))

    def account(self) -> dict[str, Any]:
        """Raises SendError."""
        return self._request("GET", f"{self._api}/2010-04-01/Accounts/{self._sid}.json")

    def number(self, number: str) -> dict[str, Any] | None:
        """What the account has set for one of its numbers. Raises SendError."""
        answer = self._request(
            "GET",
            self._path("IncomingPhoneNumbers.json"),
            params={"PhoneNumber": number},
        )
        found = answer.get("incoming_phone_numbers")
        return dict(found[0]) if isinstance(found, list) and found else None

    def service(self, sid: str) -> dict[str, Any]:
        """A messaging service. Raises SendError."""
        return self._request("GET", f"{self._messaging}/v1/Services/{sid}")

    def messages(self, **filters: str) -> Iterator[list[dict[str, Any]]]:
        """Pages, the newest message first. Raises SendError."""
        address = self._path("Messages.json")
        params: dict[str, str] | None = {"PageSize": "200", **filters}
        for _page in range(_MOST_PAGES):
            answer = self._request("GET", address, params=params)
            yield [one for one in answer.get("messages") or [] if isinstance(one, dict)]
            following = answer.get("next_page_uri")
            if not following:
                return
            address, params = f"{self._api}{following}", None

    def media_of(self, sid: str) -> list[dict[str, Any]]:
        """The files of one message. Raises SendError."""
        answer = self._request("GET", self._path(f"Messages/{sid}/Media.json"))
        return [one for one in answer.get("media_list") or [] if isinstance(one, dict)]

    def media_address(self, uri: str) -> str:
        return f"{self._api}{uri.removesuffix('.json')}"

    @contextmanager
    def media(self, url: str) -> Iterator[Iterator[bytes]]:
        """The bytes of one file, wherever Twilio keeps it. Raises SendError."""
        try:
            with outbound.file_client(is_guarded=not self._is_simulated) as client:
                for _hop in range(_MOST_HOPS):
                    auth = self._auth if self._is_api(url) else None
                    with client.stream("GET", self._allowed(url), auth=auth) as found:
                        if found.has_redirect_location:
                            url = urljoin(url, found.headers["location"])
                            continue
                        self._check(found)
                        yield found.iter_bytes()
                        return
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error
        raise SendError(FailureCode.PROVIDER, "too many redirects", permanent=True)

    def _is_api(self, url: str) -> bool:
        """Our token goes to the API, and to no other host."""
        theirs, own = urlsplit(url), urlsplit(self._api)
        return (theirs.scheme, theirs.netloc) == (own.scheme, own.netloc)

    def _allowed(self, url: str) -> str:
        parts = urlsplit(url)
        is_theirs = parts.scheme == "https" and (parts.hostname or "").endswith(_FILES)
        if not is_theirs and not self._is_api(url):
            raise SendError(FailureCode.SET_UP, "not a host of Twilio", permanent=True)
        return url

    def _path(self, name: str) -> str:
        return f"{self._api}/2010-04-01/Accounts/{self._sid}/{name}"

    def _request(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        try:
            with outbound.client(is_guarded=not self._is_simulated) as client:
                response = client.request(method, url, auth=self._auth, **options)
        except (httpx2.HTTPError, outbound.PrivateAddressError) as error:
            raise failure_of_transport(error) from error
        self._check(response)
        return taken(response)

    def _check(self, response: httpx2.Response) -> None:
        if response.status_code < 400:
            return
        response.read()
        body = _json(response)
        code = body.get("code")
        raise refusal(
            response.status_code,
            code if isinstance(code, int) else 0,
            str(body.get("message", ""))[:250],
            retry_after=retry_after(response),
        )


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
