"""What it means when a mail provider does not take a mail."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    SSLError,
)

from conversations.adapters.email import setting
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

# Their own word that nothing was taken, and that it should be tried again. Of the rest
# above 499 nobody knows. Source: Mailgun, "API Response Codes"; Amazon's own clients;
# Twilio, "Mail Send errors"; Postmark, "API error codes".
_NOT_TAKEN = {
    setting.SENDGRID: {503},
    setting.MAILGUN: {500, 503},
    setting.POSTMARK: {503},
    setting.SES: {500, 503},
}
_BY_STATUS = {
    401: FailureCode.CREDENTIALS,
    403: FailureCode.PERMISSION,
    413: FailureCode.FILE_SIZE,
}
_POSTMARKS = {
    "10": FailureCode.CREDENTIALS,
    "300": FailureCode.CONTENT,
    "400": FailureCode.PERMISSION,  # the sender's signature is not known
    "401": FailureCode.PERMISSION,  # nor confirmed
    "405": FailureCode.QUOTA,
    "406": FailureCode.BLOCKED,
    "412": FailureCode.PERMISSION,  # the account waits for approval
}
_AMAZONS = {
    "AccessDeniedException": FailureCode.PERMISSION,
    "AccountSuspendedException": FailureCode.PERMISSION,
    "ExpiredTokenException": FailureCode.CREDENTIALS,
    "InvalidClientTokenId": FailureCode.CREDENTIALS,
    "InvalidSignatureException": FailureCode.CREDENTIALS,
    "MailFromDomainNotVerifiedException": FailureCode.PERMISSION,
    "MessageRejected": FailureCode.CONTENT,
    "SendingPausedException": FailureCode.PERMISSION,
    "SignatureDoesNotMatch": FailureCode.CREDENTIALS,
    "UnrecognizedClientException": FailureCode.CREDENTIALS,
}
_BY_NAME = {setting.POSTMARK: _POSTMARKS, setting.SES: _AMAZONS}
_TOO_FAST = {
    "TooManyRequestsException",
    "LimitExceededException",
    "ThrottlingException",
}
# Amazon says so of the sender, and while it tries an account out of recipients as well.
_NOT_VERIFIED = "not verified"
# Mailgun and Postmark say so of those we write to.
_BAD_ADDRESS = re.compile(
    r"'(?:to|cc|bcc)' parameter is not a valid address|"
    r"\A(?:Invalid|Error parsing) '(?:To|Cc|Bcc)'"
)
_UNREACHED = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    SSLError,
)


@dataclass(frozen=True)
class _Answer:
    """`name`: the provider's own code for it. `headers` with names in small letters."""

    status: int
    name: str = ""
    words: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def failure_of(error: AnymailError, kind: str) -> SendError:
    if isinstance(error, AnymailInvalidAddress):
        return SendError(FailureCode.RECIPIENT, _plain(error), permanent=True)
    if not isinstance(error, AnymailAPIError | AnymailRecipientsRefused):
        return SendError(FailureCode.REFUSED, _plain(error), permanent=True)
    if error.response is None:
        return failure_of_transport(error.__cause__ or error)
    return failure_of_answer(error.response, kind)


def failure_of_answer(response: Any, kind: str) -> SendError:
    """Amazon's answers come as mappings, the others' as responses."""
    answer = _answer_of(response)
    if answer.status == 429 or answer.name in _TOO_FAST:
        return SendError(
            FailureCode.RATE,
            answer.words,
            permanent=False,
            retry_after=_wait(answer.headers),
            status=answer.status,
        )
    if answer.status >= 500 or answer.status < 400:  # or taken, in words nobody knows
        return SendError(
            FailureCode.PROVIDER,
            answer.words,
            permanent=False,
            is_ambiguous=answer.status not in _NOT_TAKEN[kind],
            retry_after=_wait(answer.headers),
            status=answer.status,
        )
    return SendError(
        _code_of(answer, kind), answer.words, permanent=True, status=answer.status
    )


def _code_of(answer: _Answer, kind: str) -> str:
    if answer.name == "MessageRejected" and _NOT_VERIFIED in answer.words:
        return FailureCode.PERMISSION
    if _BAD_ADDRESS.search(answer.words):
        return FailureCode.RECIPIENT
    by_status = _BY_STATUS.get(answer.status, FailureCode.REFUSED)
    return _BY_NAME.get(kind, {}).get(answer.name, by_status)


def _answer_of(response: Any) -> _Answer:
    if isinstance(response, Mapping):
        error, about = response.get("Error", {}), response.get("ResponseMetadata", {})
        return _Answer(
            status=int(about.get("HTTPStatusCode", 0)) or 500,
            name=str(error.get("Code", "")),
            words=str(error.get("Message", ""))[:300],
            headers=about.get("HTTPHeaders", {}),
        )
    headers = {name.lower(): value for name, value in response.headers.items()}
    name, words = _name_and_words(response)
    return _Answer(response.status_code, name, words[:300], headers)


def _name_and_words(response: requests.Response) -> tuple[str, str]:
    """The provider's own code and words, without our text in them."""
    try:
        body = response.json()
    except ValueError:
        return "", response.text
    if not isinstance(body, dict):
        return "", str(body)
    errors = body.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return "", str(errors[0].get("message") or "")
    words = body.get("Message") or body.get("message") or ""
    return str(body.get("ErrorCode", "")), str(words)


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds. SendGrid tells the second at which one may go on."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    reset = headers.get("x-ratelimit-reset", "")
    return max(float(reset) - time.time(), 0.0) if reset.isdecimal() else None


def failure_of_transport(cause: BaseException) -> SendError:
    """Whether it may have been taken: not where nobody was reached."""
    is_unreached = isinstance(cause, _UNREACHED) or (
        isinstance(cause, requests.ConnectionError)
        and "NewConnectionError" in repr(cause)
    )
    if isinstance(cause, BotoCoreError) and not isinstance(
        cause, HTTPClientError | EndpointConnectionError
    ):  # what it looks at before it asks: keys, parameters
        return SendError(FailureCode.SET_UP, str(cause)[:200], permanent=True)
    return SendError(
        FailureCode.NETWORK if is_unreached else FailureCode.TIMEOUT,
        type(cause).__name__,
        permanent=False,
        is_ambiguous=not is_unreached,
    )


def _plain(error: AnymailError) -> str:
    return str(error.args[0] if error.args else "")[:300]
