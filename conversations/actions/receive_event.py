"""Messages and happenings of a provider's events, brought to a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agentdesk.audit import log
from conversations.actions.auto_reply import reply_automatically
from conversations.actions.hear import follow, hear
from conversations.actions.open_inquiry import current_inquiry, inquiry_heard_on
from conversations.actions.receive import Received, conversation_of, receive_message
from conversations.actions.receive_files import place_files
from conversations.actions.record import add_line
from conversations.adapters.events import (
    Address,
    Echo,
    Happening,
    InboundMessage,
    Notice,
    Person,
    Reachability,
)
from conversations.choices import (
    DeliveryState,
    Direction,
    FileState,
    InboxState,
    MessageKind,
)
from conversations.exceptions import NotYetError
from conversations.live import events
from conversations.models import (
    Delivery,
    Inbox,
    InboxConnection,
    Inquiry,
    Message,
    Reach,
)
from customers.actions.identify import identify_address
from customers.actions.name_customer import show_name
from customers.models import Identity


@dataclass(frozen=True)
class Arrival:
    """A message that came in, and what is still to be fetched from its provider."""

    received: Received
    files: Sequence[int] = ()
    reach: Reach | None = None
    reply: Message | None = None  # an automatic one, to be delivered


def receive_inbound(
    inbox: Inbox,
    told: InboundMessage,
    *,
    received_at: datetime,
    answers: Inquiry | None = None,
    is_quiet: bool = False,
) -> Arrival:
    """A customer's message; the same provider id again changes nothing."""
    identity = identity_of(inbox, told.sender)
    received = receive_message(
        identity.customer,
        inbox=inbox,
        channel=inbox.channel,
        body=told.body,
        occurred_at=told.occurred_at or received_at,
        provider_message_id=told.provider_message_id,
        data=_data(told.data, told.quoted_id),
        subject=told.subject,
        identity=identity,
        content=told.content,
        answers=answers,
        is_quiet=is_quiet,
    )
    if not received.is_new:
        return Arrival(received)
    placed = place_files(received.message, told.media)
    at = received.message.occurred_at
    reach = hear(inbox, identity, told, at=at, received_at=received_at)
    waiting = [one.pk for one in placed if one.state == FileState.WAITING]
    reply = reply_automatically(inbox, received.message, told)
    return Arrival(received, waiting, reach, reply)


def _data(data: Mapping[str, Any], quoted_id: str) -> dict[str, Any]:
    return {**data, "quoted": quoted_id} if quoted_id else dict(data)


def identity_of(inbox: Inbox, person: Person) -> Identity:
    """The identity behind an event, of a customer known by any of their addresses.

    What arrives while the inbox is tested belongs to customers of its sandbox alone.
    """
    addresses = [scoped(inbox, one) for one in (person.address, *person.also)]
    identity = identify_address(
        inbox.account,
        addresses[0],
        also=addresses[1:],
        source=inbox.channel,
        is_test=inbox.state == InboxState.TEST,
    )
    if person.name:
        show_name(identity.customer, person.name)
    return identity


def scoped(inbox: Inbox, address: Address) -> tuple[str, str, str]:
    """The address as it is kept: one of the sandbox is nobody else's."""
    scope = address.scope
    if inbox.state == InboxState.TEST:
        scope = f"test:{inbox.key}"
    return address.kind, address.value, scope


def receive_echo(inbox: Inbox, told: Echo, *, received_at: datetime) -> Message | None:
    """A reply that was written in the provider's own inbox; ours are known already."""
    if is_known(inbox, told.provider_message_id):
        return None
    identity = identity_of(inbox, told.recipient)
    conversation = conversation_of(identity.customer)
    if _is_sending(inbox, identity):
        raise NotYetError("it may be the reply that is being sent at this moment")
    at = min(told.occurred_at or received_at, timezone.now())
    inquiry = current_inquiry(
        conversation, channel=inbox.channel, queue=inbox.queue, at=at
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
        content=told.content,
        body=told.body,
        data={**told.data, "elsewhere": True},
        provider_message_id=told.provider_message_id,
        state=DeliveryState.SENT,
        occurred_at=at,
    )
    place_files(message, told.media)
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


def apply_reachability(
    inbox: Inbox, told: Reachability, *, received_at: datetime
) -> Reach:
    return follow(inbox, identity_of(inbox, told.person), told, received_at=received_at)


def apply_happening(inbox: Inbox, told: Happening, *, received_at: datetime) -> Reach:
    """A line in the thread of what the customer did; once, however often it is told."""
    identity = identity_of(inbox, told.person)
    conversation = conversation_of(identity.customer)
    at = min(told.occurred_at or received_at, timezone.now())
    reach = hear(inbox, identity, told, at=at, received_at=received_at)
    known = conversation.messages.filter(
        kind=MessageKind.SYSTEM,
        event=told.event,
        occurred_at=at,
        data__after=dict(told.data),
    )
    if known.exists():
        return reach
    inquiry = None
    if told.is_contact:
        inquiry = inquiry_heard_on(inbox, conversation, at=at)
    add_line(
        conversation, inquiry, told.event, actor=None, after=dict(told.data), at=at
    )
    return reach


def apply_notice(inbox: Inbox, told: Notice, *, received_at: datetime) -> None:
    """The provider speaks of the inbox itself: its overview says so."""
    rows = InboxConnection.objects.filter(inbox=inbox)
    if told.is_trouble:
        unlike = ~Q(trouble=told.code[:40])
        changed = rows.filter(unlike).update(
            trouble=told.code[:40],
            trouble_detail=told.detail[:300],
            trouble_since=timezone.now(),
        )
    else:
        changed = rows.filter(trouble=told.code[:40]).update(
            trouble="", trouble_detail="", trouble_since=None
        )
    if changed:
        log.record("inbox.notice", inbox, actor=None, after={"code": told.code})
