"""What visitors of web chats write: of many at once, stored by one of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from agentdesk.audit.origin import acting_from
from agentdesk.batching import Together
from agentdesk.bulk_update import save_all
from conversations.choices import Channel
from conversations.inbound.pipeline import receive_drafts
from conversations.inbound.shapes import Draft, Result
from conversations.models import Attachment, Inbox, Inquiry, Message, Visitor
from conversations.webchat.actions.visitor import SEEN_EVERY, customer_of, visitor_of


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


def _known_visitors(run: Sequence[VisitorMessage]) -> dict[UUID, Visitor]:
    """Those with an open inquiry, by their keys, locked with their conversations.

    Where somebody else is at work on one of them, nobody but its visitor waits.
    """
    theirs = Inquiry.objects.open().filter(conversation__customer=OuterRef("customer"))
    rows = Visitor.objects.filter(
        Exists(theirs),
        inbox=run[0].inbox,
        key__in={one.key for one in run},
        earlier__isnull=True,
        signed_out_at__isnull=True,
        customer__conversation__isnull=False,
    ).select_related("customer__conversation")
    locked = rows.select_for_update(
        of=("self", "customer__conversation"), skip_locked=True, no_key=True
    )
    return {row.key: row for row in locked}


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
