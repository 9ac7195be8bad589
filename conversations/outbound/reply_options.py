"""Finding the options of a conversation: where its customer can be answered now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from agentdesk.prepared import prepared
from conversations.adapters.base import Capabilities
from conversations.adapters.registry import ADAPTERS
from conversations.choices import ClosedReason, InboxState
from conversations.models import Conversation, Inbox, Message, Reach, Visitor
from conversations.outbound.reply_option import ReplyOption, ReplyOptions
from conversations.outbound.way_to_reply import (
    ClaimReaches,
    allows_human,
    closed_reason,
    last_inbound_message,
    reachable_identities,
    reaches_of,
)
from customers.choices import IdentityKind
from customers.models import Claim, Identity
from customers.people.text import is_landline


@dataclass(frozen=True)
class Known:
    """What the options follow from; a page that has read it already hands it in.

    `claims` are the customer's open ones, `visited` the web chats they have been to.
    """

    identities: list[Identity]
    claims: list[Claim]
    visited: set[int]
    last: Message | None

    @classmethod
    def of(cls, conversation: Conversation) -> "Known":
        return cls(
            identities=reachable_identities(conversation),
            claims=_claims(conversation.customer_id),
            visited={one.inbox_id for one in _visitors(conversation.customer_id)},
            last=last_inbound_message(conversation),
        )


@prepared
def _claims(customer_id: int) -> QuerySet[Claim]:
    return Claim.objects.open().filter(customer=customer_id).order_by("pk")


@prepared
def _visitors(customer_id: int) -> QuerySet[Visitor]:
    return Visitor.objects.filter(customer=customer_id).only("inbox_id")


@prepared
def inboxes_of(account_id: int) -> QuerySet[Inbox]:
    rows = Inbox.objects.filter(account_id=account_id)
    return rows.select_related("account", "connection", "queue").order_by("pk")


def reply_options(
    conversation: Conversation, known: Known | None = None
) -> ReplyOptions:
    """All of them, the customer's last channel chosen. Two queries more than `known`."""
    known = known or Known.of(conversation)
    inboxes = [
        inbox
        for inbox in inboxes_of(conversation.account_id)
        if ADAPTERS[inbox.channel].capabilities.can_reply
    ]
    identities, claims, last = known.identities, known.claims, known.last
    reaches, stated_reaches = reaches_of(identities, claims)
    visited = set(known.visited)
    if last is not None and last.inbox_id is not None:
        visited.add(last.inbox_id)
    options: list[ReplyOption] = []
    stated_only: list[ReplyOption] = []
    without: list[ReplyOption] = []
    for inbox in inboxes:
        is_tried = inbox.state == InboxState.TEST and conversation.customer.is_test
        found = _of_inbox(inbox, identities, reaches, visited, is_tried=is_tried)
        stated = _stated(inbox, claims, stated_reaches)
        options += found
        stated_only += stated
        if not found and not stated and inbox.is_active:
            without.append(ReplyOption(inbox, None, None, ClosedReason.NO_IDENTITY))
    options = _marked(options, conversation, identities) + stated_only
    return ReplyOptions(options, _chosen(options, last), without)


def _marked(
    options: list[ReplyOption], conversation: Conversation, identities: list[Identity]
) -> list[ReplyOption]:
    """Those by which the shop's customer is written to, marked as linked."""
    is_known = any(one.kind == IdentityKind.SHOP for one in identities)
    return [
        replace(one, is_linked=True)
        if one.identity
        and (is_known or one.identity.customer_id != conversation.customer_id)
        else one
        for one in options
    ]


def _of_inbox(
    inbox: Inbox,
    identities: list[Identity],
    reaches: Mapping[tuple[int, int], Reach],
    visited: set[int],
    *,
    is_tried: bool,
) -> list[ReplyOption]:
    can = ADAPTERS[inbox.channel].capabilities
    if can.is_instant:
        if inbox.pk not in visited:
            return []
        closed = "" if inbox.is_active or is_tried else ClosedReason.STOPPED
        return [ReplyOption(inbox, None, None, closed)]
    theirs = [
        one
        for one in identities
        if one.kind == can.identity_kind and _belongs(one, inbox, reaches, can)
    ]
    if can.has_aliases:  # one way to a person is enough: that which they have used
        met = [one for one in theirs if (inbox.pk, one.pk) in reaches]
        theirs = met or theirs[:1]
    return [_option(inbox, one, reaches.get((inbox.pk, one.pk)), can) for one in theirs]


def _stated(
    inbox: Inbox, claims: list[Claim], reaches: ClaimReaches
) -> list[ReplyOption]:
    """Where one may write to somebody who has never written, also to what is stated."""
    can = ADAPTERS[inbox.channel].capabilities
    if not can.can_begin or not inbox.is_active:
        return []
    closed = {
        one: closed_reason(inbox, reaches.get((inbox.pk, one.kind, one.value)))
        for one in claims
        if one.kind == can.identity_kind
    }
    return [ReplyOption(inbox, None, None, closed[one], claim=one) for one in closed]


def _belongs(
    identity: Identity,
    inbox: Inbox,
    reaches: Mapping[tuple[int, int], Reach],
    can: Capabilities,
) -> bool:
    """An address that has never met this inbox: only where one may begin."""
    return (inbox.pk, identity.pk) in reaches or (
        can.can_begin and not identity.scope and inbox.is_active
    )


def _option(
    inbox: Inbox, identity: Identity, reach: Reach | None, can: Capabilities
) -> ReplyOption:
    closed = closed_reason(inbox, reach)
    last_contact = reach.last_heard_at if reach else None
    if not closed and not last_contact and not can.reaches_landlines:
        closed = ClosedReason.LANDLINE if is_landline(identity.value) else ""
    until = (
        last_contact + can.reply_window if last_contact and can.reply_window else None
    )
    is_late = needs_template = False
    if not closed and can.reply_window and (until is None or until <= timezone.now()):
        is_human = allows_human(inbox) and last_contact is not None and can.human_window
        until = (
            last_contact + can.human_window
            if last_contact and can.human_window
            else None
        )
        is_late = bool(is_human and until and until > timezone.now())
        needs_template = not is_late and can.has_templates
        if not is_late and not needs_template:
            closed = ClosedReason.WINDOW if last_contact else ClosedReason.NEVER_WROTE
    return ReplyOption(inbox, identity, reach, closed, until, is_late, needs_template)


def _chosen(options: list[ReplyOption], last: Message | None) -> ReplyOption | None:
    """The channel of the customer's last message, even if it is closed now.

    Their other address there, where the one they wrote from is theirs no more.
    """
    if last is not None:
        there = [one for one in options if one.inbox.pk == last.inbox_id]
        for one in there:
            if one.claim is None and (
                one.identity is None or one.identity.pk == last.identity_id
            ):
                if one.closed != ClosedReason.UNREACHABLE:
                    return one
                return next((other for other in there if other.is_open), one)
    return next((one for one in options if one.is_open), None)


def chosen_option(conversation: Conversation, value: str) -> ReplyOption | None:
    """The option a form names; the usual one where it names none."""
    found = reply_options(conversation)
    return found.find(value) if value else found.chosen
