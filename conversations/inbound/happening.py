"""What a customer does that is no message: follows, blocks, presses a button."""

from datetime import datetime

from django.utils import timezone

from conversations.adapters.events import Happening, Reachability
from conversations.choices import MessageKind
from conversations.inbound.identify import identity_of
from conversations.inbound.reach import (
    Contact,
    record_inbound_contact,
    record_reachability,
)
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.open_inquiry import inquiry_for_contact
from conversations.inquiries.actions.record import add_line
from conversations.models import Inbox, Reach


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
