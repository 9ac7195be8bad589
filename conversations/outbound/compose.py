"""A reply as its channel's adapter gets it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from conversations.adapters.base import Outbound, OutboundFile
from conversations.adapters.events import Address
from conversations.adapters.failures import SendError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import FailureCode
from conversations.connections.connection import outbound_address
from conversations.contents.circumstances import Quotation
from conversations.contents.side_thread import SideThread
from conversations.contents.stated_address import StatedAddress
from conversations.models import Attachment, MailBody, Message, Reach
from customers.choices import IdentityKind


def outbound_of(message: Message) -> Outbound:
    """Raises SendError where the reply has nobody to go to."""
    identity, claim = message.identity, StatedAddress.of(message)
    life = ADAPTERS[message.channel].capabilities.file_life
    side = SideThread.of(message)
    if side is not None:
        return _to_side(message, side, life)
    if identity is None and claim:
        return _outbound(message, Address(claim.kind, claim.value), None, life)
    if identity is None:
        raise SendError(FailureCode.RECIPIENT, permanent=True)
    reach = Reach.objects.filter(inbox=message.inbox_id, identity=identity).first()
    scope = "" if identity.scope.startswith("test:") else identity.scope
    recipient = Address(identity.kind, identity.value, scope)
    return _outbound(message, recipient, reach, life)


def _outbound(
    message: Message, recipient: Address, reach: Reach | None, life: timedelta
) -> Outbound:
    quoted = Quotation.of(message).quoted
    return Outbound(
        recipient=recipient,
        body=message.body,
        written_at=message.occurred_at,
        message_id=message.pk,
        files=[_file(one, life) for one in message.attachments.order_by("pk")],
        quoted_id=quoted,
        quoted_facts=_facts_of(message, quoted),
        reply_token=reach.reply_token if reach and reach.has_free_reply else "",
        last_heard_at=reach.last_heard_at if reach else None,
        data={**(reach.facts if reach else {}), **message.data, **_letter(message)},
    )


def _facts_of(message: Message, quoted: str) -> Mapping[str, Any]:
    """What is kept of the message that a reply quotes."""
    if not quoted:
        return {}
    rows = Message.objects.filter(
        conversation=message.conversation_id,
        inbox=message.inbox_id,
        provider_message_id=quoted,
    )
    return next(iter(rows.values_list("data", flat=True)), {})


def _to_side(message: Message, side: SideThread, life: timedelta) -> Outbound:
    """What was passed on to a third party: nobody's identity."""
    return Outbound(
        recipient=Address(IdentityKind.EMAIL, side.address),
        body=message.body,
        written_at=message.occurred_at,
        message_id=message.pk,
        files=[_file(one, life) for one in message.attachments.order_by("pk")],
        data={**message.data, **_letter(message)},
    )


def _letter(message: Message) -> dict[str, dict[str, str]]:
    """All of a mail, where the message is one."""
    body = MailBody.objects.filter(message=message).first()
    return {"letter": {"text": body.text, "html": body.html}} if body else {}


def _file(attachment: Attachment, life: timedelta) -> OutboundFile:
    return OutboundFile(
        name=attachment.name,
        content_type=attachment.content_type,
        size=attachment.size,
        url=outbound_address(attachment, life=life),
        preview_url=outbound_address(attachment, life=life, is_preview=True),
        load=lambda: _read(attachment),
        content_id=attachment.shown_id,
    )


def _read(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as file:
        return bytes(file.read())
