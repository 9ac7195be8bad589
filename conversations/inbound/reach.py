"""What an inbox knows of one address of a customer: heard from, followed, blocked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agentdesk.bulk_update import save_all
from conversations.adapters.events import Happening, InboundMessage, Reachability
from conversations.adapters.registry import ADAPTERS
from conversations.choices import ClosedReason
from conversations.connections.reach import reach_of, reaches_of
from conversations.inbound.shapes import Result
from conversations.inquiries.actions.conversation import conversation_of
from conversations.live import events
from conversations.models import Inbox, Reach
from customers.models import Identity

_CONTACT_FIELDS = (
    "last_heard_at",
    "closed_reason",
    "closed_at",
    "reply_token",
    "reply_until",
    "facts",
)


@dataclass(frozen=True)
class Contact:
    """What somebody has said or done, and when."""

    identity: Identity
    event: InboundMessage | Happening
    at: datetime
    received_at: datetime


def record_contacts(inbox: Inbox, new: Sequence[Result]) -> None:
    """Whoever a provider has brought was here, by this inbox."""
    brought = [one for one in new if one.draft.event is not None]
    if not brought:
        return
    contacts = [
        Contact(
            one.identity,
            one.draft.event,
            one.message.occurred_at,
            one.draft.received_at,
        )
        for one in brought
        if one.draft.event is not None
    ]
    reaches = record_inbound_contact(inbox, contacts)
    for one, reach in zip(brought, reaches, strict=True):
        one.reach = reach


def record_inbound_contact(inbox: Inbox, contacts: Sequence[Contact]) -> list[Reach]:
    """Customers were here: windows open, and free replies, where there are any."""
    reaches = reaches_of(inbox, [one.identity for one in contacts])
    for one in contacts:
        _record_contact(inbox, reaches[one.identity.pk], one)
    save_all(list(reaches.values()), _CONTACT_FIELDS)
    return [reaches[one.identity.pk] for one in contacts]


def _record_contact(inbox: Inbox, reach: Reach, contact: Contact) -> None:
    event, at = contact.event, contact.at
    opens = (
        event.opens_window if isinstance(event, InboundMessage) else event.is_contact
    )
    if opens and (reach.last_heard_at is None or at > reach.last_heard_at):
        reach.last_heard_at = at
        # Who asked for no more messages allows them again in so many words alone.
        is_lifted = reach.closed_at is None or at >= reach.closed_at
        if is_lifted and reach.closed_reason != ClosedReason.OPTED_OUT:
            reach.closed_reason, reach.closed_at = "", None
    if event.reply_token:
        _store_token(reach, inbox, event, received_at=contact.received_at)
    if isinstance(event, InboundMessage) and event.facts:
        reach.facts = {**reach.facts, **event.facts}


def _store_token(
    reach: Reach,
    inbox: Inbox,
    event: InboundMessage | Happening,
    *,
    received_at: datetime,
) -> None:
    """The token that lives longest, counted from its arrival at the latest."""
    life = ADAPTERS[inbox.channel].capabilities.reply_token_life
    ends = [event.reply_until, received_at + life if life else None]
    until = min((one for one in ends if one is not None), default=None)
    if until and (reach.reply_until is None or until > reach.reply_until):
        reach.reply_token, reach.reply_until = event.reply_token, until


def record_reachability(
    inbox: Inbox, identity: Identity, event: Reachability, *, received_at: datetime
) -> Reach:
    """A follow or a block: what comes late does not undo what is newer."""
    at = event.occurred_at or received_at
    conversation = conversation_of(identity.customer)
    reach = reach_of(inbox, identity)
    newest = max(filter(None, (reach.closed_at, reach.last_heard_at)), default=None)
    if newest is not None and at < newest:
        return reach
    reach.closed_reason = "" if event.is_open else event.reason
    reach.closed_at = at  # of the last change, to tell what is late
    if event.is_open and not reach.name:
        reach.profile_at = None  # a friend's name is told, where a stranger's was not
    reach.save(update_fields=["closed_reason", "closed_at", "profile_at"])
    events.compose_changed(conversation)
    return reach
