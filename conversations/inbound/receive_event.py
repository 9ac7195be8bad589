"""Messages and happenings of a provider's events, brought to a conversation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from conversations.adapters.events import (
    Echo,
    Happening,
    InboundMessage,
    Reachability,
)
from conversations.choices import (
    DeliveryState,
    Direction,
    FileState,
    MessageKind,
)
from conversations.contents.circumstances import Origin, Quotation
from conversations.exceptions import NotYetError
from conversations.inbound.auto_reply import reply_automatically
from conversations.inbound.identify_person import identities_of, identity_of
from conversations.inbound.reach import (
    Contact,
    record_inbound_contact,
    record_reachability,
)
from conversations.inbound.receive import Received, Written, receive_messages
from conversations.inbound.receive_files import place_files
from conversations.inbound.redeem_claim_code import redeem_written_codes
from conversations.inbound.thread_mail import answered_elsewhere_of
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.open_inquiry import (
    current_inquiry,
    inquiry_for_contact,
)
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import (
    Delivery,
    Inbox,
    Inquiry,
    Message,
    Reach,
)
from customers.models import Identity


@dataclass(frozen=True)
class Arrival:
    """A message that came in, and what is still to be fetched from its provider."""

    received: Received
    files: Sequence[int] = ()
    reach: Reach | None = None
    reply: Message | None = None  # an automatic one, to be delivered


@dataclass(frozen=True)
class Incoming:
    """A message as its provider tells it, and how it is to be received.

    `answers` and `is_quiet` as in `actions.receive.Written`.
    """

    event: InboundMessage
    received_at: datetime
    answers: Inquiry | None = None
    is_quiet: bool = False


def receive_inbound(inbox: Inbox, incoming: Sequence[Incoming]) -> list[Arrival]:
    """Messages of customers; what is known by its provider's id changes nothing."""
    identities = identities_of(inbox, [one.event.sender for one in incoming])
    received = receive_messages(
        inbox,
        [
            _written(inbox, one, identity)
            for one, identity in zip(incoming, identities, strict=True)
        ],
    )
    arrivals = [Arrival(one) for one in received]
    new = [index for index, one in enumerate(received) if one.is_new]
    redeem_written_codes(received[index].message for index in new)
    contacts = [
        Contact(
            identities[index],
            incoming[index].event,
            received[index].message.occurred_at,
            incoming[index].received_at,
        )
        for index in new
    ]
    reaches = record_inbound_contact(inbox, contacts) if contacts else []
    for index, reach in zip(new, reaches, strict=True):
        event, message = incoming[index].event, received[index].message
        placed = place_files(message, event.media)
        waiting = [one.pk for one in placed if one.state == FileState.WAITING]
        reply = reply_automatically(inbox, message, event)
        arrivals[index] = Arrival(received[index], waiting, reach, reply)
    return arrivals


def _written(inbox: Inbox, incoming: Incoming, identity: Identity) -> Written:
    event = incoming.event
    message = Message(
        channel=inbox.channel,
        identity=identity,
        content=event.content,
        body=event.body,
        data=_data(event.data, event.quoted_id),
        provider_message_id=event.provider_message_id,
        occurred_at=event.occurred_at or incoming.received_at,
    )
    return Written(
        identity.customer,
        message,
        subject=event.subject,
        answers=incoming.answers,
        is_quiet=incoming.is_quiet,
        kind=event.media[0].kind if event.media else "",
    )


def _data(data: Mapping[str, Any], quoted_id: str) -> dict[str, Any]:
    return {**data, **Quotation(quoted_id).as_data()}


def receive_echo(inbox: Inbox, event: Echo, *, received_at: datetime) -> Message | None:
    """A reply that was written in the provider's own inbox; ours are known already."""
    if is_known(inbox, event.provider_message_id):
        return None
    identity = identity_of(inbox, event.recipient)
    conversation = conversation_of(identity.customer)
    if _is_sending(inbox, identity):
        raise NotYetError("it may be the reply that is being sent at this moment")
    at = min(event.occurred_at or received_at, timezone.now())
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=at,
        answers=answered_elsewhere_of(inbox, identity, event.data),
    )
    message = Message.objects.create(
        account_id=inbox.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        identity=identity,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        content=event.content,
        body=event.body,
        data={**event.data, **Origin(elsewhere=True).as_data()},
        provider_message_id=event.provider_message_id,
        state=DeliveryState.SENT,
        occurred_at=at,
    )
    place_files(message, event.media)
    answered_elsewhere(message)
    return message


def _is_sending(inbox: Inbox, identity: Identity) -> bool:
    return Message.objects.filter(
        inbox=inbox, identity=identity, state=DeliveryState.SENDING
    ).exists()


def answered_elsewhere(message: Message) -> None:
    """The customer waits no more, whoever has answered."""
    inquiry = message.inquiry
    if inquiry is not None and (inquiry.waiting_since or message.occurred_at) <= (
        message.occurred_at
    ):
        inquiry.waiting_since = None
        inquiry.save(update_fields=["waiting_since"])
        events.inquiry_changed(inquiry)
    events.message_added(message)


def is_known(inbox: Inbox, provider_message_id: str) -> bool:
    is_ours = Delivery.objects.filter(
        inbox=inbox, provider_message_ids__contains=[provider_message_id]
    )
    return (
        Message.objects.filter(
            inbox=inbox, provider_message_id=provider_message_id
        ).exists()
        or is_ours.exists()
    )


def known_ids(inbox: Inbox, provider_message_ids: Iterable[str]) -> set[str]:
    """Those of the ids that belong to messages we have, in two statements."""
    wanted = list(provider_message_ids)
    messages = Message.objects.filter(inbox=inbox, provider_message_id__in=wanted)
    found = {str(one) for one in messages.values_list("provider_message_id", flat=True)}
    ours = Delivery.objects.filter(inbox=inbox, provider_message_ids__overlap=wanted)
    for ids in ours.values_list("provider_message_ids", flat=True):
        found.update(ids)
    return found


def apply_reachability(
    inbox: Inbox, event: Reachability, *, received_at: datetime
) -> Reach:
    return record_reachability(
        inbox, identity_of(inbox, event.person), event, received_at=received_at
    )


def apply_happening(
    inbox: Inbox, happening: Happening, *, received_at: datetime
) -> Reach:
    """A line in the thread of what the customer did; once, however often it is told."""
    identity = identity_of(inbox, happening.person)
    conversation = conversation_of(identity.customer)
    at = min(happening.occurred_at or received_at, timezone.now())
    [reach] = record_inbound_contact(
        inbox, [Contact(identity, happening, at, received_at)]
    )
    known = conversation.messages.filter(
        kind=MessageKind.SYSTEM,
        event=happening.event,
        occurred_at=at,
    )
    if known.saying(happening.data).exists():
        return reach
    inquiry = None
    if happening.is_contact:
        inquiry = inquiry_for_contact(inbox, conversation, at=at)
    add_line(
        conversation,
        inquiry,
        happening.event,
        actor=None,
        after=dict(happening.data),
        at=at,
    )
    return reach
