"""Messages and happenings of a provider's events, brought to a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agentdesk.audit import log
from conversations.actions.receive import (
    Received,
    conversation_of,
    current_inquiry,
    receive_message,
)
from conversations.actions.receive_files import place_files
from conversations.actions.record import add_line
from conversations.adapters.events import (
    Address,
    AddressChange,
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
    ThreadEvent,
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
from customers.actions.identify import add_identity, find_identity, identify_address
from customers.actions.name_customer import show_name
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Identity


@dataclass(frozen=True)
class Arrival:
    """A message that came in, and what is still to be fetched from its provider."""

    received: Received
    files: Sequence[int] = ()
    reach: Reach | None = None


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
    reach = _hear(inbox, identity, told, at=received.message.occurred_at)
    waiting = [one.pk for one in placed if one.state == FileState.WAITING]
    return Arrival(received, waiting, reach)


def _data(data: Mapping[str, Any], quoted_id: str) -> dict[str, Any]:
    return {**data, "quoted": quoted_id} if quoted_id else dict(data)


def identity_of(inbox: Inbox, person: Person) -> Identity:
    """The identity behind an event, of a customer known by any of their addresses.

    What arrives while the inbox is tested belongs to customers of its sandbox alone.
    """
    addresses = [_scoped(inbox, one) for one in (person.address, *person.also)]
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


def _scoped(inbox: Inbox, address: Address) -> tuple[str, str, str]:
    scope = address.scope
    if inbox.state == InboxState.TEST:
        scope = f"test:{inbox.key}"
    return address.kind, address.value, scope


def _hear(
    inbox: Inbox,
    identity: Identity,
    told: InboundMessage | Happening,
    *,
    at: datetime,
) -> Reach:
    """The customer was here: the window opens, and a free reply, where there is one."""
    reach, _is_new = Reach.objects.select_for_update(no_key=True).get_or_create(
        inbox=inbox, identity=identity, defaults={"account_id": inbox.account_id}
    )
    opens = told.opens_window if isinstance(told, InboundMessage) else told.is_contact
    if opens and (reach.last_heard_at is None or at > reach.last_heard_at):
        reach.last_heard_at = at
        if told.reply_token:
            reach.reply_token, reach.reply_until = told.reply_token, told.reply_until
        if reach.closed_at is None or at >= reach.closed_at:
            reach.closed_reason, reach.closed_at = "", None
    if isinstance(told, InboundMessage) and told.facts:
        reach.facts = {**reach.facts, **told.facts}
    reach.save()
    return reach


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
) -> None:
    """A follow or a block: what comes late does not undo what is newer."""
    identity = identity_of(inbox, told.person)
    at = told.occurred_at or received_at
    reach, _is_new = Reach.objects.select_for_update(no_key=True).get_or_create(
        inbox=inbox, identity=identity, defaults={"account_id": inbox.account_id}
    )
    newest = max(filter(None, (reach.closed_at, reach.last_heard_at)), default=None)
    if newest is not None and at < newest:
        return
    reach.closed_reason = "" if told.is_open else told.reason
    reach.closed_at = at  # of the last change, to tell what is late
    reach.save(update_fields=["closed_reason", "closed_at"])
    events.compose_changed(conversation_of(identity.customer))


def apply_happening(inbox: Inbox, told: Happening, *, received_at: datetime) -> None:
    """A line in the thread of what the customer did."""
    identity = identity_of(inbox, told.person)
    conversation = conversation_of(identity.customer)
    at = min(told.occurred_at or received_at, timezone.now())
    inquiry = None
    if told.is_contact:
        inquiry = current_inquiry(
            conversation, channel=inbox.channel, queue=inbox.queue, at=at
        )
    add_line(
        conversation, inquiry, told.event, actor=None, after=dict(told.data), at=at
    )
    _hear(inbox, identity, told, at=at)


def apply_address_change(
    inbox: Inbox, told: AddressChange, *, received_at: datetime
) -> None:
    """The person goes on under another address: the old one stays beside it."""
    kind, value, scope = _scoped(inbox, told.before)
    known = find_identity(inbox.account, kind, value, scope=scope)
    if known is None:
        identity_of(inbox, told.after)
        return
    customer = known.customer
    for address in (told.after.address, *told.after.also):
        kind, value, scope = _scoped(inbox, address)
        try:
            add_identity(
                customer,
                kind,
                value,
                actor=None,
                source=inbox.channel,
                scope=scope,
                verified=True,
            )
        except (IdentityTakenError, InvalidIdentityError):
            continue
    after = {"before": told.before.value, "value": told.after.address.value}
    add_line(
        conversation_of(customer),
        None,
        ThreadEvent.ADDRESS_CHANGED,
        actor=None,
        after=after,
    )


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
        changed = rows.exclude(trouble="").update(
            trouble="", trouble_detail="", trouble_since=None
        )
    if changed:
        log.record("inbox.notice", inbox, actor=None, after={"code": told.code})
