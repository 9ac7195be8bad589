"""SMS by Twilio: what its requests mean, and how a text leaves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from pydantic import ValidationError

from conversations.adapters.base import (
    Acknowledgement,
    Adapter,
    Capabilities,
    Field,
    Outbound,
    Part,
    Report,
    Sent,
    WebhookRequest,
)
from conversations.adapters.events import (
    Address,
    DeliveryUpdate,
    InboundMessage,
    Media,
    Parsed,
    Person,
    Reachability,
)
from conversations.adapters.failures import (
    InvalidPayloadError,
    InvalidSignatureError,
    UnknownEventError,
)
from conversations.adapters.masking import read_json
from conversations.adapters.payload import first_fault
from conversations.adapters.raw import RawEvent
from conversations.adapters.sms.about import ABOUT
from conversations.adapters.sms.check import report
from conversations.adapters.sms.client import TwilioClient
from conversations.adapters.sms.failures import failure_code
from conversations.adapters.sms.listing import SKEW, listed_events, newest
from conversations.adapters.sms.payloads import (
    SmsPayload,
    event_of,
    fields_of,
    listed_at,
)
from conversations.adapters.sms.signature import form_of, is_signed
from conversations.choices import ClosedReason, DeliveryState

# Words that Twilio itself acts on, where the account has set no others.
# Source: Twilio, "Twilio support for opt-out keywords".
_STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
_START = {"START", "YES", "UNSTOP"}
_STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
_ON_ITS_WAY = {"accepted", "scheduled", "queued", "sending"}
_COMING = {"receiving", "received"}  # of a message to us; all others are of ours


class SmsAdapter(Adapter):
    about = ABOUT
    capabilities = Capabilities(
        text_limit=1600,
        text_unit="utf16",
        has_receipts=True,
        is_metered=True,
        counts_segments=True,
        can_begin=True,
        reaches_landlines=False,
        polls=True,
        finds_sent=True,
        identity_kind="phone",
    )
    fields = (
        Field(
            "account_sid",
            _("Account SID"),
            help=_("Begins with AC."),
            where="Console > Account Info > Account SID",
            pattern=r"AC[0-9a-fA-F]{32}",
        ),
        Field(
            "auth_token",
            _("Auth token"),
            help=_("The primary one: Twilio signs its requests with it."),
            where="Console > Account Info > Auth Token",
            pattern=r"[0-9a-fA-F]{32}",
            is_secret=True,
        ),
        Field(
            "number",
            _("Phone number or sender ID"),
            help=_(
                "As +819012345678. Customers cannot answer a sender ID of letters, and "
                "to some countries nobody can answer at all: ask Twilio for yours."
            ),
            where="Console > Phone Numbers > Manage > Active numbers",
            pattern=r"\+[1-9]\d{6,14}|[A-Za-z0-9][A-Za-z0-9 &+_-]{0,10}",
        ),
        Field(
            "messaging_service_sid",
            _("Messaging service SID"),
            help=_("Begins with MG. Only where you send by a messaging service."),
            where="Console > Messaging > Services",
            pattern=r"MG[0-9a-fA-F]{32}",
            is_required=False,
        ),
    )
    acknowledgement = Acknowledgement(
        '<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "text/xml"
    )

    # --- in ---
    def verify(self, request: WebhookRequest) -> None:
        if not is_signed(request, self.connection.secret_values("auth_token")):
            raise InvalidSignatureError

    def split(self, request: WebhookRequest) -> Sequence[RawEvent]:
        if request.query.get("bodySHA256"):
            fields = read_json(request.body)
        else:
            fields = fields_of(form_of(request.body))
        if not isinstance(fields, dict) or not any(
            name.endswith("Sid") for name in fields
        ):
            raise InvalidPayloadError("no request of Twilio's")
        return [event_of(fields)]

    def parse(self, body: bytes) -> Sequence[Parsed]:
        fields = read_json(body)
        if not isinstance(fields, dict):
            raise InvalidPayloadError("an event is no object")
        if "MessageSid" not in fields:
            raise UnknownEventError("not about a message")
        try:
            message = SmsPayload.model_validate(fields)
        except ValidationError as error:
            raise InvalidPayloadError(first_fault(error)) from error
        if message.status and message.status not in _COMING:
            return self._receipt(message)
        if not message.sender:
            raise InvalidPayloadError("a message of nobody: From is missing")
        return self._message(message)

    def _receipt(self, payload: SmsPayload) -> Sequence[Parsed]:
        if payload.status in _ON_ITS_WAY:
            return []
        if payload.status not in _STATES:
            raise UnknownEventError(f"status {payload.status!r}")
        state = _STATES[payload.status]
        is_failed = state == DeliveryState.FAILED
        detail = f"{payload.error}: {payload.error_message}".strip(": ")
        return [
            DeliveryUpdate(
                payload.sid,
                state,
                payload.sent_at,
                code=failure_code(payload.error) if is_failed else "",
                detail=detail if is_failed else "",
            )
        ]

    def _message(self, payload: SmsPayload) -> Sequence[Parsed]:
        person = Person(Address("phone", payload.sender))
        media = [
            Media(_kind(one.type), {"url": one.url}, content_type=one.type)
            for one in payload.media
        ]
        message = InboundMessage(
            sender=person,
            body=payload.body,
            provider_message_id=payload.sid,
            occurred_at=payload.sent_at,
            media=media,
        )
        if any(letter.isalpha() for letter in payload.sender):  # a name: it only sends
            closed = ClosedReason.UNREACHABLE
            return [message, Reachability(person, False, closed, payload.sent_at)]
        allows = _consent(payload)
        if allows is None:
            return [message]
        reason = "" if allows else ClosedReason.OPTED_OUT
        return [message, Reachability(person, allows, reason, payload.sent_at)]

    def media(
        self, source: Mapping[str, Any]
    ) -> AbstractContextManager[Iterator[bytes]]:
        return TwilioClient(self.connection).media(str(source.get("url", "")))

    def poll(self, since: datetime) -> Iterable[RawEvent]:
        number = self.connection.settings.get("number", "")
        if not number.startswith("+"):  # nobody can write to a sender ID
            return
        yield from listed_events(TwilioClient(self.connection), number, since)

    # --- out ---
    def plan(self, outbound: Outbound) -> Sequence[Part]:
        set_up = self.connection.settings
        service = set_up.get("messaging_service_sid", "")
        sender = (
            {"MessagingServiceSid": service}
            if service
            else {"From": set_up.get("number", "")}
        )
        fields = {"To": outbound.recipient.value, "Body": outbound.body, **sender}
        # What the writer was told of segments holds: no letter is replaced.
        fields["SmartEncoded"] = "false"
        callback = self.connection.public_url
        if callback.startswith("https://") or self.connection.api:
            fields["StatusCallback"] = callback
        return [Part(fields)]

    def send(self, outbound: Outbound, part: Part, *, key: str) -> Sent:
        # Twilio takes no key: the same request again would be a second message.
        answer = TwilioClient(self.connection).create(part.payload)
        sid = str(answer.get("sid", ""))
        return Sent([sid] if sid else [])

    def find_sent(
        self, outbound: Outbound, part: Part, *, since: datetime
    ) -> Sequence[Sent]:
        client = TwilioClient(self.connection)
        return [
            Sent([str(message["sid"])])
            for message in newest(client, since, To=outbound.recipient.value)
            if str(message.get("direction", "")).startswith("outbound")
            and message.get("body") == part.payload["Body"]
            and (listed_at(message) or since) >= since - SKEW
        ]

    def check(self) -> Report:
        return report(TwilioClient(self.connection), self.connection)


def _consent(payload: SmsPayload) -> bool | None:
    """Whether they allow messages from now on; None where nothing is said of it."""
    word = payload.opt_out.upper() or payload.body.strip().upper()
    if word in _STOP:
        return False
    return True if word in _START else None


def _kind(content_type: str) -> str:
    kind = content_type.split("/")[0]
    return kind if kind in {"image", "audio", "video"} else "document"
