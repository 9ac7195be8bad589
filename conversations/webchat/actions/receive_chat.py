"""What visitors of web chats write: of many at once, stored by one of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agentdesk.audit.origin import acting_from
from agentdesk.batching import Together
from agentdesk.bulk_update import save_all
from agentdesk.round_trip import execute_together
from conversations.choices import OPEN_STATUSES, Channel
from conversations.inbound.pipeline import receive_drafts
from conversations.inbound.shapes import Draft, Result
from conversations.models import (
    Attachment,
    Conversation,
    Inbox,
    Inquiry,
    Message,
    Visitor,
)
from conversations.webchat.actions.visitor import SEEN_EVERY, customer_of, visitor_of
from customers.models import Customer


@dataclass(frozen=True)
class VisitorMessage:
    """What a visitor has written, as their browser sends it."""

    inbox: Inbox
    key: UUID  # of the visitor
    body: str
    client_id: UUID
    language: str
    attachment: Attachment | None = None


def receive_from_visitor(incoming: VisitorMessage) -> Result:
    """Store what a visitor has written; the same `client_id` is stored once."""
    received = None if incoming.attachment else _AT_ONCE.submit(incoming)
    return received or _receive_alone(incoming)


@transaction.atomic
def _receive_alone(incoming: VisitorMessage) -> Result:
    visitor = visitor_of(incoming.inbox, incoming.key, language=incoming.language)
    if visitor.earlier is not None:
        # Written before the shop told who they are, and sent again after.
        stored = visitor.earlier.messages.filter(client_id=incoming.client_id).first()
        if stored is not None:
            return Result(_draft(incoming, visitor), stored, is_new=False)
    customer_of(visitor)
    (result,) = receive_drafts(incoming.inbox, [_draft(incoming, visitor)])
    _note_seen([visitor])
    return result


@transaction.atomic(durable=True)
def _receive_known(several: Sequence[VisitorMessage]) -> list[Result | None]:
    """None for those who go alone: what they open is audited with their own address."""
    by_inbox = sorted(several, key=_inbox_of)
    received: dict[int, Result] = {}
    for _pk, group in groupby(by_inbox, key=_inbox_of):
        run = list(group)
        visitors = _known_visitors(run)
        known = [one for one in run if one.key in visitors]
        drafts = [_draft(one, visitors[one.key]) for one in known]
        with acting_from(None):  # the address of one is not that of all
            results = receive_drafts(run[0].inbox, drafts)
        received |= {id(one): r for one, r in zip(known, results, strict=True)}
        _note_seen(visitors.values())
    return [received.get(id(one)) for one in several]


_AT_ONCE = Together(_receive_known)


def _inbox_of(incoming: VisitorMessage) -> int:
    return incoming.inbox.pk


_LOCK_KNOWN = (
    "select visitor.id, visitor.account_id, visitor.key, visitor.customer_id, "  # noqa: S608  # names of our own
    "visitor.stated, visitor.last_seen_at, customer.is_test "
    f"from {Visitor._meta.db_table} as visitor "
    f"join {Customer._meta.db_table} as customer on customer.id = visitor.customer_id "
    f"join {Conversation._meta.db_table} as thread on thread.customer_id = customer.id "
    "where visitor.inbox_id = %s and visitor.key = any(%s) "
    "and visitor.earlier_id is null and visitor.signed_out_at is null "
    f"and exists (select from {Inquiry._meta.db_table} as inquiry "
    "where inquiry.conversation_id = thread.id and inquiry.status = any(%s)) "
    "for no key update of visitor, thread skip locked"
)
_VISITOR = ("id", "account_id", "key", "customer_id", "stated", "last_seen_at")
_CUSTOMER = ("id", "account_id", "is_test")


def _known_visitors(run: Sequence[VisitorMessage]) -> dict[UUID, Visitor]:
    """Those with an open inquiry, by their keys, locked with their conversations.

    Where somebody else is at work on one of them, nobody but its visitor waits. Of
    visitor and customer, what a message needs.
    """
    keys = list({one.key for one in run})
    is_open = [str(one) for one in OPEN_STATUSES]
    [rows] = execute_together([(_LOCK_KNOWN, [run[0].inbox.pk, keys, is_open])])
    known = {}
    for pk, account, key, customer, stated, seen_at, is_test in rows:
        values = (pk, account, key, customer, json.loads(stated), seen_at)
        visitor = Visitor.from_db("default", _VISITOR, values)
        visitor.customer = Customer.from_db(
            "default", _CUSTOMER, (customer, account, is_test)
        )
        known[key] = visitor
    return known


def _draft(incoming: VisitorMessage, visitor: Visitor) -> Draft:
    message = Message(
        channel=Channel.WEBCHAT,
        body=incoming.body,
        client_id=incoming.client_id,
        occurred_at=timezone.now(),
    )
    return Draft(
        message,
        customer=visitor.customer,
        subject=visitor.stated.get("subject", ""),
        attachments=[incoming.attachment] if incoming.attachment else (),
    )


def _note_seen(visitors: Iterable[Visitor]) -> None:
    now = timezone.now()
    seen = [one for one in visitors if now - one.last_seen_at > SEEN_EVERY]
    for visitor in seen:
        visitor.last_seen_at = now
    save_all(seen, ("last_seen_at",))
