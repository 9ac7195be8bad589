"""Requests of mail providers: whose they are, and the mails and receipts in them.

django-anymail knows the providers' forms; its views are used without its URLs, with
the keys of one inbox. A raw mail is kept as it came wherever the provider gives it.
"""

import base64
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from anymail.exceptions import (
    AnymailError,
    AnymailInsecureWebhookWarning,
    AnymailNotSupportedWarning,
    AnymailWebhookValidationFailure,
)
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from conversations.adapters.base import WebhookRequest
from conversations.adapters.email import provider_verdict, setting
from conversations.adapters.email.form import form_fields
from conversations.adapters.email.masked import mail_event
from conversations.adapters.email.rebuilt import rebuilt, with_route
from conversations.adapters.email.s3 import NotFetchedError, stored_mail
from conversations.adapters.email.setting import Setting
from conversations.adapters.email.sns import CONFIRMATION, verify_notice
from conversations.adapters.email.tracking import not_fetched, receipts
from conversations.adapters.failures import InvalidPayloadError, InvalidSignatureError
from conversations.adapters.raw import RawEvent

_VIEWS = {
    setting.SENDGRID: "anymail.webhooks.sendgrid.SendGrid",
    setting.MAILGUN: "anymail.webhooks.mailgun.Mailgun",
    setting.POSTMARK: "anymail.webhooks.postmark.Postmark",
    setting.SES: "anymail.webhooks.amazon_ses.AmazonSES",
}
_OLDEST_SECONDS = 24 * 3600
# What hostile bodies make the views and the parsers raise.
_BROKEN = (
    NameError,  # a slip of the standard library over bytes that are none
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
    SuspiciousOperation,
    MultiPartParserError,
    AnymailError,
)


def verify(request: WebhookRequest, settings: Setting) -> None:
    """Raises InvalidSignatureError."""
    if settings.kind == setting.MAILGUN:
        _verify_mailgun(request, settings)
        return
    secrets = settings.connection.secret_values("webhook_secret")
    given = _given_secret(request)
    if not any(constant_time_compare(given, one) for one in secrets):
        raise InvalidSignatureError
    if settings.kind == setting.SENDGRID:
        _verify_sendgrid(request, settings)
    if settings.kind == setting.SES:
        verify_notice(request, settings["aws_account"])


def _given_secret(request: WebhookRequest) -> str:
    """Out of ?secret=… or https://agentdesk:secret@…"""
    if request.query.get("secret"):
        return request.query["secret"]
    kind, _space, packed = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(packed).decode().partition(":")[2]
    except ValueError:
        return ""


def _verify_mailgun(request: WebhookRequest, settings: Setting) -> None:
    """The signature covers a time and a token. Source: Mailgun, "Securing webhooks".

    A repeated request adds nothing, for its event is known: what Mailgun tries again
    for hours must not be refused for its age.
    """
    try:
        signed_fields = _mailgun_signature(request)
        signed = (
            str(signed_fields["timestamp"]) + str(signed_fields["token"])
        ).encode()
        age = abs(time.time() - int(signed_fields["timestamp"]))
        signature = str(signed_fields["signature"])
    except _BROKEN as error:
        raise InvalidSignatureError from error
    for key in settings.connection.secret_values("signing_key"):
        digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
        if age < _OLDEST_SECONDS and constant_time_compare(digest, signature):
            return
    raise InvalidSignatureError


def _mailgun_signature(request: WebhookRequest) -> Mapping[str, Any]:
    if _is_json(request):
        signature: Mapping[str, Any] = json.loads(request.body)["signature"]
        return signature
    fields = form_fields(request)
    return {
        name: fields[name].decode("ascii")
        for name in ("timestamp", "token", "signature")
    }


def _verify_sendgrid(request: WebhookRequest, settings: Setting) -> None:
    """By the keys that were told; each is offered apart, and neither must be used.

    Source: SendGrid, "Event Webhook Security", "Securing your Inbound Parse Webhooks".
    """
    name = "signing_key" if _is_json(request) else "inbound_key"
    if not (key := settings.secret(name)):
        return
    # Both are signed alike; django-anymail looks only at what its receipts bring.
    options = {"tracking_webhook_verification_key": key}
    try:
        view = _view(settings, "Tracking", **options)
        view.run_validators(_as_django(request))
    except (AnymailWebhookValidationFailure, *_BROKEN) as error:
        raise InvalidSignatureError from error


def split(request: WebhookRequest, settings: Setting) -> Sequence[RawEvent]:
    """Raises InvalidPayloadError."""
    take = {
        setting.SENDGRID: _of_sendgrid,
        setting.MAILGUN: _of_mailgun,
        setting.POSTMARK: _of_postmark,
        setting.SES: _of_ses,
    }[settings.kind]
    try:
        return take(request, settings)
    except _BROKEN as error:
        raise InvalidPayloadError(f"{type(error).__name__}: {error}"[:300]) from error


def _of_sendgrid(request: WebhookRequest, settings: Setting) -> Sequence[RawEvent]:
    if _is_json(request):
        return receipts(_events(request, settings, "Tracking"))
    fields = form_fields(request)
    envelope = json.loads(fields.get("envelope", b"{}"))
    raw = fields.get("email") or _rebuilt_by_view(request, settings)
    results = provider_verdict.of_sendgrid(fields, envelope)
    return [_mail(raw, envelope.get("to", []), results)]


def _of_mailgun(request: WebhookRequest, settings: Setting) -> Sequence[RawEvent]:
    if _is_json(request):
        return receipts(_events(request, settings, "Tracking"))
    fields = form_fields(request)
    raw = fields.get("body-mime") or _rebuilt_by_view(request, settings)
    results = provider_verdict.of_mailgun(fields, raw)
    route = fields.get("recipient", b"").decode("utf-8", "replace")
    return [_mail(raw, route.split(","), results)]


def _of_postmark(request: WebhookRequest, settings: Setting) -> Sequence[RawEvent]:
    payload = json.loads(request.body)
    if payload.get("RecordType", "Inbound") != "Inbound":
        return receipts(_events(request, settings, "Tracking"))
    if payload.get("RawEmail"):
        raw = str(payload["RawEmail"]).encode("utf-8", "surrogateescape")
    else:
        raw = _rebuilt_by_view(request, settings)
    route = [str(payload.get("OriginalRecipient", ""))]
    results = provider_verdict.of_postmark(payload, raw)
    return [_mail(raw, route, results, event_id=str(payload["MessageID"]))]


def _of_ses(request: WebhookRequest, settings: Setting) -> Sequence[RawEvent]:
    notice = json.loads(request.body)
    if notice.get("Type") == CONFIRMATION:
        note = json.dumps({"receipt": CONFIRMATION}).encode()
        return [RawEvent(str(notice["MessageId"]), note)]
    if notice.get("Type") != "Notification":
        raise InvalidPayloadError(f"type {notice.get('Type')!r}")
    notification = json.loads(notice["Message"])
    if notification.get("notificationType") != "Received":
        return receipts(_events(request, settings, "Tracking"))
    receipt, mail = notification.get("receipt", {}), notification.get("mail", {})
    event_id, action = str(mail["messageId"]), receipt.get("action", {})
    try:
        raw = _amazons_raw(notification, action, settings)
    except NotFetchedError as error:
        return [not_fetched(event_id, action, str(error))]
    results = provider_verdict.of_amazon(notification, raw)
    recipients = receipt.get("recipients", [])
    return [_mail(raw, recipients, results, event_id=event_id)]


def _amazons_raw(
    notification: Mapping[str, Any], action: Mapping[str, Any], settings: Setting
) -> bytes:
    """Raises NotFetchedError."""
    if action.get("type") == "S3":
        return stored_mail(settings, action["bucketName"], action["objectKey"])
    content = str(notification["content"])
    if action.get("encoding") == "BASE64":
        return base64.b64decode(content)
    return content.encode("utf-8", "surrogateescape")


def _mail(
    raw: bytes, route: Sequence[str], results: Sequence[str], *, event_id: str = ""
) -> RawEvent:
    """`event_id` empty: the provider gives none, and a digest tells a redelivery."""
    digest = hashlib.sha256(raw).hexdigest()
    return mail_event(event_id or digest, with_route(raw, route, results))


def _rebuilt_by_view(request: WebhookRequest, settings: Setting) -> bytes:
    (event,) = _events(request, settings, "Inbound")
    return rebuilt(event.message)


def _events(request: WebhookRequest, settings: Setting, which: str) -> list[Any]:
    found: list[Any] = _view(settings, which).parse_events(_as_django(request))
    return found


def _view(settings: Setting, which: str, **options: Any) -> Any:
    """Verifying is done by then: the secret of the address is ours to look at."""
    if settings.kind == setting.MAILGUN:
        options.setdefault("webhook_signing_key", "-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return import_string(f"{_VIEWS[settings.kind]}{which}WebhookView")(**options)


def _as_django(request: WebhookRequest) -> HttpRequest:
    made: Any = HttpRequest()
    made.method = request.method
    made.content_params = {}
    made.content_type = request.headers.get("content-type", "").partition(";")[0]
    made.META = {
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
        },
    }
    made.encoding = "utf-8"
    made._body = request.body
    made._read_started = True
    if not _is_json(request):
        made._load_post_and_files()
        made.POST, made.FILES = made._post, made._files
    return made  # type: ignore[no-any-return]  # of private fields, which have no types


def _is_json(request: WebhookRequest) -> bool:
    return "json" in request.headers.get("content-type", "")
