"""An address turns out to be another customer's: two threads, one person from then on.

No row of a thread moves. Whoever is known by a shop number is never the one who goes
over, so all who join lock the earlier conversation before the later.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership, User
from agentdesk.audit import log
from conversations.choices import InquiryStatus, NotificationKind, ThreadEvent
from conversations.contents.system_line import Lead
from conversations.inquiries.actions.activity import DUE, wait_along
from conversations.inquiries.actions.conversation import (
    conversation_of,
    conversations_of,
)
from conversations.inquiries.actions.notify import notify
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.messages.change import remove_field
from conversations.models import Conversation, Inquiry, Joining, Message, Visitor
from customers.models import Customer, Identity
from customers.people.actions.carry_claims import carry_claims, return_claims
from customers.people.actions.decide_claim import refute_between
from customers.people.actions.identities import move_identity


def is_parted(identity: Identity, customer: Customer) -> bool:
    """Somebody has said that these two are not the same person."""
    undone = Joining.objects.filter(identity=identity, undone_at__isnull=False)
    return undone.filter(later__customer=customer).exists()


def is_joined(identity: Identity) -> bool:
    return Joining.objects.filter(identity=identity, undone_at__isnull=True).exists()


@transaction.atomic
def join_customer(
    identity: Identity, known: Customer, *, shop_id: str, at: datetime
) -> Joining:
    """From now on the address writes in the conversation of the shop's customer."""
    earlier = conversation_of(identity.customer)
    later = conversation_of(known)
    joining = Joining.objects.create(
        account_id=identity.account_id,
        identity=identity,
        earlier=earlier,
        later=later,
        shop_id=shop_id,
    )
    identity.customer = move_identity(identity, known, actor=None).customer
    log.record(
        "customer.joined",
        known,
        actor=None,
        before={"conversation": earlier.pk},
        after={"conversation": later.pk, "value": shop_id},
    )
    join_threads(earlier, later, shop_id=shop_id, at=at, joining=joining)
    return joining


def join_threads(
    earlier: Conversation,
    later: Conversation,
    *,
    shop_id: str = "",
    event: str = ThreadEvent.IDENTIFIED,
    at: datetime | None = None,
    joining: Joining | None = None,
    actor: User | None = None,
) -> None:
    """Each names the other; open work and what was stated go on in the later one.

    Both come locked.
    """
    carry_claims(earlier.customer, later.customer)
    undo = {"joining": joining.pk} if joining else {}
    for here, there in ((later, earlier), (earlier, later)):
        about = {"shop_id": shop_id, "conversation": there.pk, **undo}
        add_line(here, None, event, actor=actor, after=about, at=at)
    _go_on(earlier, later)
    for one in (earlier, later):
        events.compose_changed(one)


def _go_on(earlier: Conversation, later: Conversation) -> None:
    """The one person waits once: their open inquiry is the later conversation's."""
    rows = earlier.inquiries.select_for_update(of=("self",), no_key=True)
    left = rows.select_related("owner__user", "queue").open().first()
    if left is None:
        return
    inquiry = current_inquiry(
        later,
        channel=left.channel,
        queue=left.queue,
        at=timezone.now(),
        subject=left.subject,
    )
    _take_along(left, inquiry)
    before = {"status": left.status}
    left.status = InquiryStatus.DISMISSED
    left.closed_at = left.last_activity_at = timezone.now()
    left.waiting_since = left.snoozed_until = None
    left.save(
        update_fields=[
            *("status", "closed_at", "last_activity_at"),
            *("waiting_since", "snoozed_until"),
        ]
    )
    after = {"status": str(left.status), "reference": inquiry.reference}
    log.record("inquiry.continued", left, actor=None, before=before, after=after)
    add_line(earlier, left, ThreadEvent.CONTINUED, actor=None, after=after)
    events.inquiry_changed(left)


def _take_along(left: Inquiry, inquiry: Inquiry) -> None:
    """How long they have waited, and who has it, unless somebody has it there."""
    owner = left.owner
    is_here = owner is not None and owner.is_active and owner.user.is_active
    if inquiry.owner is None and is_here:
        inquiry.owner = owner
        if inquiry.status == InquiryStatus.NEW:
            inquiry.status = InquiryStatus.ACTIVE
    wait_along(inquiry, left)
    inquiry.partial_inbox = inquiry.partial_inbox or left.partial_inbox
    inquiry.reason = inquiry.reason or left.reason
    inquiry.save(
        update_fields=[
            *("owner", "status", "waiting_since", "partial_inbox", "reason"),
            *DUE,
        ]
    )
    if inquiry.owner is not None and left.waiting_since is not None:
        notify(inquiry.owner, NotificationKind.MESSAGE, inquiry.conversation)
    events.inquiry_changed(inquiry)


@transaction.atomic
def undo_join(joining: Joining, *, member: Membership) -> Joining:
    """別人: what was joined is the first customer's again. Once is enough; it is remembered."""
    first = Conversation.objects.select_related("customer").get(pk=joining.earlier_id)
    last = Conversation.objects.select_related("customer").get(pk=joining.later_id)
    both = conversations_of([first.customer, last.customer])
    earlier, later = both[first.customer_id], both[last.customer_id]
    joined = list(
        Joining.objects.select_for_update(of=("self",), no_key=True)
        .select_related("identity__account")
        .filter(earlier=earlier, later=later, undone_at__isnull=True)
        .order_by("pk")
    )
    if joining.pk not in {one.pk for one in joined}:
        return Joining.objects.get(pk=joining.pk)
    for one in joined:
        one.undone_at, one.undone_by = timezone.now(), member
        one.save(update_fields=["undone_at", "undone_by"])
        move_identity(one.identity, earlier.customer, actor=member.user)
    _part_visitors(earlier, later)
    return_claims(later.customer, earlier.customer)
    refute_between(earlier.customer, later.customer, actor=member.user)
    log.record(
        "customer.parted",
        later.customer,
        actor=member.user,
        before={"conversation": later.pk},
        after={"conversation": earlier.pk, "value": joining.shop_id},
    )
    _forget_buttons(joined)
    for here, there in ((later, earlier), (earlier, later)):
        about = {"conversation": there.pk}
        add_line(here, None, ThreadEvent.PARTED, actor=member.user, after=about)
        events.compose_changed(here)
    return next(one for one in joined if one.pk == joining.pk)


def _part_visitors(earlier: Conversation, later: Conversation) -> None:
    """Whom a member had brought over; those whom the shop has signed stay."""
    visitors = Visitor.objects.filter(customer=later.customer, earlier=earlier)
    visitors.filter(claims={}).update(customer=earlier.customer, earlier=None)


def _forget_buttons(joinings: Sequence[Joining]) -> None:
    """The lines that offered to undo it offer that no more."""
    lines = Message.objects.filter(
        conversation__in=[joinings[0].earlier_id, joinings[0].later_id],
        event__in=[ThreadEvent.IDENTIFIED, ThreadEvent.SAME_PERSON],
    ).about_joinings(one.pk for one in joinings)
    shown = list(lines.select_related("conversation"))
    remove_field(lines, Lead.NAME, "joining")
    for line in shown:
        events.message_changed(line)
