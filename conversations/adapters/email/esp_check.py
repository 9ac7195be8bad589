"""Whether a mail provider takes what is set: it is called, and nothing is sent."""

from collections.abc import Callable, Sequence
from typing import Any

import boto3  # type: ignore[import-untyped]
import requests
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
)
from django.utils.translation import gettext_noop

from conversations.adapters.email import setting
from conversations.adapters.email.esp_failure import (
    failure_of_answer,
    failure_of_transport,
)
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

_TIMEOUT_SECONDS = 15
_ONCE = Config(
    connect_timeout=10,
    read_timeout=_TIMEOUT_SECONDS,
    retries={"total_max_attempts": 1},
)
_MAY_NOT_SEND = gettext_noop(
    "This API key may not send mail: give it the permission “Mail Send” at SendGrid."
)
_IN_SANDBOX = gettext_noop(
    "Amazon still holds this account in its sandbox: mail reaches verified addresses "
    "alone. Request production access there."
)


def findings_of(settings: Setting) -> Sequence[str]:
    """What is still to be done at a provider that knows our key. Raises SendError."""
    try:
        return _CALLS[settings.kind](settings)
    except ClientError as error:
        raise failure_of_answer(error.response, settings.kind) from error
    except (requests.RequestException, BotoCoreError) as error:
        raise failure_of_transport(error) from error


def _sendgrid(settings: Setting) -> Sequence[str]:
    """Source: Twilio SendGrid, "Retrieve a list of scopes"; every key may ask for its own."""
    key = settings.secret("api_key")
    base = settings.connection.api or "https://api.sendgrid.com/v3"
    response = _called(
        "GET", f"{base}/scopes", headers={"Authorization": f"Bearer {key}"}
    )
    scopes = _object(response, settings.kind).get("scopes") or []
    return [] if "mail.send" in scopes else [_MAY_NOT_SEND]


def _mailgun(settings: Setting) -> Sequence[str]:
    """A message without recipients is refused for that alone where key and domain are right.

    A domain's sending key may ask for nothing else. Source: Mailgun, "Messages",
    "Domain sending keys".
    """
    host = "api.eu.mailgun.net" if settings["region"] == "eu" else "api.mailgun.net"
    base = settings.connection.api or f"https://{host}/v3"
    response = _called(
        "POST",
        f"{base}/{settings['sender_domain']}/messages",
        auth=("api", settings.secret("api_key")),
        data={"o:testmode": "yes"},
    )
    if response.status_code != 400:
        raise failure_of_answer(response, settings.kind)
    return []


def _postmark(settings: Setting) -> Sequence[str]:
    """Source: Postmark, "Server API", "Get the server"."""
    base = settings.connection.api or "https://api.postmarkapp.com"
    token = settings.secret("server_token")
    headers = {"X-Postmark-Server-Token": token, "Accept": "application/json"}
    _object(_called("GET", f"{base}/server", headers=headers), settings.kind)
    return []


def _amazon(settings: Setting) -> Sequence[str]:
    """Who may only send is known too. Source: Amazon SES API v2, "GetAccount"."""
    session = boto3.session.Session(
        aws_access_key_id=settings["access_key_id"],
        aws_secret_access_key=settings.secret("secret_access_key"),
        region_name=settings["region"] or "us-east-1",
    )
    options = {"endpoint_url": settings.connection.api or None, "config": _ONCE}
    try:
        account = session.client("sesv2", **options).get_account()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "AccessDeniedException":
            return []
        raise
    return [] if account.get("ProductionAccessEnabled", True) else [_IN_SANDBOX]


_CALLS: dict[str, Callable[[Setting], Sequence[str]]] = {
    setting.SENDGRID: _sendgrid,
    setting.MAILGUN: _mailgun,
    setting.POSTMARK: _postmark,
    setting.SES: _amazon,
}


def _called(method: str, url: str, **options: Any) -> requests.Response:
    try:
        return requests.request(
            method, url, timeout=_TIMEOUT_SECONDS, allow_redirects=False, **options
        )
    except UnicodeEncodeError as error:  # a key that no header can carry
        raise SendError(FailureCode.CREDENTIALS, permanent=True) from error


def _object(response: requests.Response, kind: str) -> dict[str, Any]:
    """The provider's own answer, not that of somebody in between."""
    try:
        payload = response.json() if response.status_code == 200 else None
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise failure_of_answer(response, kind)
    return payload
