"""Sending by a mail provider's programming interface, with the keys of one inbox."""

import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from email import message_from_bytes
from typing import Any

import requests
from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailNotSupportedWarning,
)
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import sanitize_address

from conversations.adapters.base import OutboundFile, Sent
from conversations.adapters.email import setting
from conversations.adapters.email.esp_failure import (
    failure_of,
    failure_of_answer,
    failure_of_transport,
)
from conversations.adapters.email.outgoing import (
    file_part,
    is_placed,
    message_of,
    own_fields,
)
from conversations.adapters.email.setting import Setting

_BACKENDS = {
    setting.SENDGRID: "anymail.backends.sendgrid.EmailBackend",
    setting.MAILGUN: "anymail.backends.mailgun.EmailBackend",
    setting.POSTMARK: "anymail.backends.postmark.EmailBackend",
    setting.SES: "anymail.backends.amazon_ses.EmailBackend",
}
_TIMEOUT_SECONDS = 30
# Ours are the attempts: what a client repeats by itself may arrive twice.
_ONCE = Config(
    connect_timeout=10,
    read_timeout=_TIMEOUT_SECONDS,
    retries={"total_max_attempts": 1},
)


class _Written(EmailMultiAlternatives):
    """For Amazon, which takes a mail as it is: ours, its pictures in their place."""

    raw = b""

    def message(self, *_args: Any, **_more: Any) -> Any:
        return message_from_bytes(self.raw)


def send(
    payload: Mapping[str, Any],
    files: Sequence[OutboundFile],
    settings: Setting,
    *,
    at: datetime,
) -> Sent:
    """`at`: when it was written. Raises SendError."""
    message = _message(payload, files, settings, at)
    try:
        message.send()
    except AnymailInvalidAddress as error:
        if not _is_answered(message):  # else Postmark only repeats it, and has taken it
            raise failure_of(error, settings.kind) from error
    except AnymailError as error:
        raise failure_of(error, settings.kind) from error
    except (requests.RequestException, BotoCoreError) as error:
        raise failure_of_transport(error) from error
    status = message.anymail_status  # type: ignore[attr-defined]  # django-anymail sets it
    ids = _ids(status)
    if not ids:  # django-anymail raises only where it knows of every recipient
        raise failure_of_answer(status.esp_response, settings.kind)
    if settings.kind == setting.SES:  # it gives the mail a Message-ID of its own
        region = settings["region"] or "us-east-1"
        ids += [
            f"{one}@{host}"
            for one in ids
            for host in ("email.amazonses.com", f"{region}.amazonses.com")
        ]
    facts = {"refused": _refused(status)} if _refused(status) else {}
    return Sent([*ids, payload["message_id"]], facts=facts)


def _is_answered(message: EmailMultiAlternatives) -> bool:
    return getattr(message, "anymail_status", None) is not None and (
        message.anymail_status.esp_response is not None  # type: ignore[attr-defined]  # as above
    )


def _ids(status: Any) -> list[str]:
    """The provider's own of the mail; none where it was not taken."""
    given = status.message_id
    found = {given} if isinstance(given, str) else set(given or ())
    if not status.recipients and status.esp_response is not None:
        found = {str(status.esp_response.json().get("MessageID") or "")}
    return sorted(one.strip("<>") for one in found if one)


def _refused(status: Any) -> list[str]:
    return [
        address
        for address, one in status.recipients.items()
        if one.status in {"rejected", "invalid", "failed"}
    ]


def _message(
    payload: Mapping[str, Any],
    files: Sequence[OutboundFile],
    settings: Setting,
    at: datetime,
) -> EmailMultiAlternatives:
    message = _Written(
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
    if settings.kind == setting.SES:
        message.raw = message_of(payload, files, settings, at=at)
        return message
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
    address = _quoted(address)
    return sanitize_address((name, address), "utf-8") if name else address


def _quoted(address: str) -> str:
    """Carriers give out a..b.@docomo.ne.jp; where grammar is minded, it is in quotes."""
    local, _at, domain = address.rpartition("@")
    is_broken = local.startswith(".") or local.endswith(".") or ".." in local
    return f'"{local}"@{domain}' if is_broken and '"' not in local else address


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
        options["client_params"] = {"config": _ONCE}
        if settings.connection.api:
            options["client_params"]["endpoint_url"] = settings.connection.api
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
