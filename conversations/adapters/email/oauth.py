"""Signing in to Google and Microsoft mailboxes: OAuth 2.0 with XOAUTH2.

An access token lives an hour. It is kept in the memory of a process, and a new one is
asked for five minutes before its end.
"""

import threading
import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import httpx2

from agentdesk import http_client as outbound
from conversations.adapters.email import setting
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.adapters.http import failure_of_transport
from conversations.adapters.renewal import Renewed, Setup
from conversations.choices import FailureCode

EARLY_SECONDS = 300
_MOST_TURNS = 5
_GOOGLE_SCOPE = "https://mail.google.com/"
_MICROSOFT_SCOPE = (
    "https://outlook.office.com/IMAP.AccessAsUser.All "
    "https://outlook.office.com/SMTP.Send offline_access"
)


@dataclass(frozen=True)
class Tokens:
    """`refresh` empty: the one before goes on."""

    access: str
    refresh: str
    expires_at: float  # seconds, as time.time()


_stored: dict[str, Tokens] = {}
_lock = threading.Lock()


def bearer(user: str, token: str) -> str:
    """Source: Google, "OAuth 2.0 mechanism": XOAUTH2 for IMAP and SMTP."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def access_token(settings: Setting) -> str:
    """Raises SendError."""
    return tokens_of(settings).access


def tokens_of(settings: Setting) -> Tokens:
    """Raises SendError."""
    refresh = settings.secret("refresh_token")
    if not refresh:
        raise SendError(FailureCode.SET_UP, "not signed in yet", permanent=True)
    with _lock:
        known = _stored.get(refresh)
    if known is not None and known.expires_at - EARLY_SECONDS > time.time():
        return known
    found = _refreshed(settings, refresh)
    with _lock:
        _stored[refresh] = found
        if found.refresh:  # it goes on under the new one
            _stored[found.refresh] = replace(found, refresh="")
    return found


def _refreshed(settings: Setting, refresh: str) -> Tokens:
    """In turns with other processes, and a new refresh token is stored at once."""
    renew = settings.connection.renew
    if renew is None:
        return _refresh(settings, refresh)
    found: list[Tokens] = []

    def exchange(before: Setup) -> Renewed:
        found.append(_refresh(settings, before["refresh_token"]))
        rotated = found[0].refresh
        return Renewed({"refresh_token": rotated} if rotated else {})

    for _turn in range(_MOST_TURNS):
        now = renew(exchange, stale={"refresh_token": refresh})
        if found:
            return found[0]
        refresh = now["refresh_token"]  # another process has just exchanged it
    raise SendError(FailureCode.RATE, "others renew the sign-in", permanent=False)


def _refresh(settings: Setting, refresh: str) -> Tokens:
    return _post(settings, {"grant_type": "refresh_token", "refresh_token": refresh})


def forget(settings: Setting) -> None:
    """The mail server no longer takes the access token, whatever time it had left."""
    with _lock:
        _stored.pop(settings.secret("refresh_token"), None)


def exchanged(settings: Setting, code: str, *, verifier: str, redirect: str) -> Tokens:
    """What the provider gives for the code of its sign-in page. Raises SendError."""
    return _post(
        settings,
        {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect,
        },
    )


def authorise_address(
    settings: Setting, *, state: str, challenge: str, redirect: str
) -> str:
    """The provider's sign-in page; `challenge` is the S256 of the verifier (PKCE)."""
    query = {
        "response_type": "code",
        "client_id": settings["client_id"],
        "redirect_uri": redirect,
        "scope": _scope(settings),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": settings.user,
        "prompt": "consent",
    }
    if settings.kind == setting.GOOGLE:
        query["access_type"] = "offline"
        base = "https://accounts.google.com/o/oauth2/v2/auth"
    else:
        base = f"{_microsoft(settings)}/authorize"
    return f"{base}?{urlencode(query)}"


def _scope(settings: Setting) -> str:
    return _GOOGLE_SCOPE if settings.kind == setting.GOOGLE else _MICROSOFT_SCOPE


def _microsoft(settings: Setting) -> str:
    return f"https://login.microsoftonline.com/{settings['tenant']}/oauth2/v2.0"


def _token_address(settings: Setting) -> str:
    if settings.connection.api:
        return f"{settings.connection.api}/token"
    if settings.kind == setting.GOOGLE:
        return "https://oauth2.googleapis.com/token"
    return f"{_microsoft(settings)}/token"


def _post(settings: Setting, form: dict[str, str]) -> Tokens:
    fields = {
        **form,
        "client_id": settings["client_id"],
        "client_secret": settings.secret("client_secret"),
    }
    is_simulated = bool(settings.connection.api)
    try:
        with outbound.client(is_guarded=not is_simulated) as client:
            response = client.post(_token_address(settings), data=fields)
    except httpx2.HTTPError as error:
        raise failure_of_transport(error) from error
    if response.status_code >= 500:
        raise SendError(FailureCode.PROVIDER, permanent=False)
    body = _json(response)
    if response.status_code != 200 or not body.get("access_token"):
        detail = str(body.get("error_description") or body.get("error") or "")[:300]
        raise SendError(FailureCode.CREDENTIALS, detail, permanent=True)
    return Tokens(
        access=str(body["access_token"]),
        refresh=str(body.get("refresh_token", "")),
        expires_at=time.time() + float(body.get("expires_in", 3600)),
    )


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
