"""X's own page that lets us in as the account. Source: X, "OAuth 2.0 … with PKCE"."""

from dataclasses import dataclass
from urllib.parse import urlencode

from conversations.adapters.base import Connection
from conversations.adapters.renewal import Renewed
from conversations.adapters.x.client import XClient

PAGE = "https://x.com"
# The last one is for a refresh token: without it the sign-in ends after two hours.
SCOPES = (
    *("dm.read", "dm.write", "tweet.read", "users.read"),
    *("media.write", "offline.access"),
)


@dataclass(frozen=True)
class XSignIn:
    connection: Connection
    at: str = "X"

    @property
    def is_done(self) -> bool:
        return bool(self.connection.secrets.get("refresh_token"))

    def address(self, *, state: str, challenge: str, redirect: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self.connection.settings.get("client_id", ""),
            "redirect_uri": redirect,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = f"{self.connection.api or PAGE}/i/oauth2/authorize"
        return f"{page}?{urlencode(query)}"

    def exchanged(self, code: str, *, verifier: str, redirect: str) -> Renewed:
        client = XClient(self.connection)
        return client.let_in(code, verifier=verifier, redirect=redirect)
