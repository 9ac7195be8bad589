"""Sending by a mail provider's programming interface, with the keys of one inbox."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailNotSupportedWarning,
    AnymailRecipientsRefused,
)
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address

from conversations.adapters.base import OutboundFile, Sent
from conversations.adapters.email import setting
from conversations.adapters.email.outgoing import file_part, is_placed, own_fields
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.choices import FailureCode

_BACKENDS = {
    setting.SENDGRID: "anymail.backends.sendgrid.EmailBackend",
    setting.MAILGUN: "anymail.backends.mailgun.EmailBackend",
    setting.POSTMARK: "anymail.backends.postmark.EmailBackend",
    setting.SES: "anymail.backends.amazon_ses.EmailBackend",
}
_TIMEOUT_SECONDS = 30
# Postmark's own numbers for what can never be sent. Source: Postmark, "API error codes".
_POSTMARK = {
    10: FailureCode.CREDENTIALS,
    406: FailureCode.BLOCKED,
    300: FailureCode.CONTENT,
}


def send(
    payload: Mapping[str, Any], files: Sequence[OutboundFile], settings: Setting
) -> Sent:
    """Raises SendError."""
    message = _message(payload, files, settings)
    try:
        message.send()
    except AnymailError as error:
        raise _failure(error) from error
    except requests.RequestException as error:
        raise _of_transport(error) from error
    status = message.anymail_status  # type: ignore[attr-defined]  # django-anymail sets it
    ids = (
        {status.message_id}
        if isinstance(status.message_id, str)
        else (set(status.message_id or ()))
    )
    told = sorted(one.strip("<>") for one in ids if one)
    facts = {"refused": _refused(status)} if _refused(status) else {}
    region = settings["region"] or "us-east-1"
    if settings.kind == setting.SES:  # it gives the mail a Message-ID of its own
        told += [
            f"{one}@{host}"
            for one in told
            for host in ("email.amazonses.com", f"{region}.amazonses.com")
        ]
    return Sent([*told, payload["message_id"]], facts=facts)


def _refused(status: Any) -> list[str]:
    return [
        address
        for address, one in status.recipients.items()
        if one.status in {"rejected", "invalid", "failed"}
    ]


def _message(
    payload: Mapping[str, Any], files: Sequence[OutboundFile], settings: Setting
) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        from_email=_written(payload["from"]),
        to=[_written(one) for one in payload["to"]],
        cc=[_written(one) for one in payload["cc"]],
        bcc=[_written(one) for one in payload["bcc"]],
        reply_to=[payload["reply_to"]] if payload["reply_to"] else None,
        headers=_fields(payload, settings),
        connection=_connection(settings),
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    for file in files:
        message.attach(file_part(file, is_inline=is_placed(file, payload)))
    return message


def _fields(payload: Mapping[str, Any], settings: Setting) -> dict[str, str]:
    fields = own_fields(payload, settings)
    if settings.kind == setting.POSTMARK:
        fields["X-PM-KeepID"] = "true"
    return fields


def _written(person: Sequence[str]) -> str:
    name, address = person
    return sanitize_address((name, address), "utf-8") if name else address


def _connection(settings: Setting) -> Any:
    options: dict[str, Any] = {}
    if settings.kind == setting.POSTMARK:
        options["server_token"] = settings.secret("server_token")
    elif settings.kind == setting.SES:
        options["session_params"] = {
            "aws_access_key_id": settings["access_key_id"],
            "aws_secret_access_key": settings.secret("secret_access_key"),
            "region_name": settings["region"] or "us-east-1",
        }
    else:
        options["api_key"] = settings.secret("api_key")
    if settings.kind == setting.MAILGUN:
        options["sender_domain"] = settings["sender_domain"]
        if settings["region"] == "eu":
            options["api_url"] = "https://api.eu.mailgun.net/v3"
    if settings.kind != setting.SES:
        options["timeout"] = _TIMEOUT_SECONDS
        if settings.connection.api:
            options["api_url"] = settings.connection.api
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return get_connection(_BACKENDS[settings.kind], **options)


def _failure(error: AnymailError) -> SendError:
    if isinstance(error, AnymailRecipientsRefused):
        return SendError(FailureCode.RECIPIENT, _detail(error), permanent=True)
    if isinstance(error, requests.RequestException) and error.response is None:
        return _of_transport(error)
    response, status = error.response, error.status_code
    if not isinstance(error, AnymailAPIError):
        return SendError(FailureCode.REFUSED, _detail(error), permanent=True)
    if status is None or status >= 500:
        return SendError(
            FailureCode.PROVIDER,
            _detail(error),
            permanent=False,
            is_ambiguous=True,
            status=status,
        )
    if status == 429:
        told = response.headers.get("Retry-After", "")
        wait = float(told) if told.isdecimal() else None
        return SendError(
            FailureCode.RATE, permanent=False, retry_after=wait, status=status
        )
    code = {401: FailureCode.CREDENTIALS, 403: FailureCode.PERMISSION}.get(status)
    code = code or _POSTMARK.get(_error_code(response), FailureCode.REFUSED)
    return SendError(code, _detail(error), permanent=True, status=status)


def _error_code(response: Any) -> int:
    try:
        return int(response.json().get("ErrorCode", 0))
    except (ValueError, AttributeError, TypeError):
        return 0


def _of_transport(error: requests.RequestException) -> SendError:
    """Whether it may have been taken: not where nobody was reached."""
    cause = error.__cause__ if isinstance(error, AnymailError) else error
    is_unreached = isinstance(
        cause, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError
    ) or (
        isinstance(cause, requests.ConnectionError)
        and "NewConnectionError" in repr(cause)
    )
    return SendError(
        FailureCode.NETWORK if is_unreached else FailureCode.TIMEOUT,
        type(cause).__name__,
        permanent=False,
        is_ambiguous=not is_unreached,
    )


def _detail(error: AnymailError) -> str:
    """The provider's own words, without our text in them."""
    response = error.response
    if response is not None:
        try:
            told = response.json()
        except ValueError:
            return str(response.text)[:300]
        if isinstance(told, dict):
            return str(told.get("Message") or told.get("message") or told)[:300]
    return str(error.args[0] if error.args else "")[:300]
