"""A member says that the customer who states an address and the one who has it are one."""

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import ThreadEvent
from conversations.exceptions import JoinedBeforeError, NothingToJoinError
from conversations.inbound.join import join_threads
from conversations.inquiries.actions.conversation import conversations_of
from conversations.live import events
from conversations.models import Conversation, Joining, Visitor
from customers.choices import ClaimProof, ClaimState, IdentityKind
from customers.models import Claim, Customer, Identity
from customers.people.actions.address import find_identity
from customers.people.actions.decide_claim import close_claim, lock_claim
from customers.people.actions.identities import move_identity


@transaction.atomic
def join_claimant(claim: Claim, *, member: Membership) -> list[Joining]:
    """From now on all addresses of one of them write in the conversation of the other.

    No message moves, and `join.undo_join` brings all of it back. Raises
    NothingToJoinError, JoinedBeforeError.
    """
    claim = lock_claim(claim)
    held = find_identity(claim.account, claim.kind, claim.value)
    if held is None or claim.state != ClaimState.OPEN:
        raise NothingToJoinError
    leaving, staying = _who_leaves(claim.customer, held.customer)
    both = conversations_of([leaving, staying])
    earlier, later = both[leaving.pk], both[staying.pk]
    joinings = _join(earlier, later, member)
    _take_visitors(earlier, later)
    claim.refresh_from_db(fields=["state"])
    if claim.state == ClaimState.OPEN:
        close_claim(
            claim, ClaimState.PROVED, actor=member.user, proof=ClaimProof.JOINED
        )
    join_threads(
        earlier,
        later,
        event=ThreadEvent.SAME_PERSON,
        joining=joinings[0] if joinings else None,
        actor=member.user,
        at=timezone.now(),
    )
    for one in (earlier, later):
        events.customer_changed(one.customer)
    return joinings


def _who_leaves(claimant: Customer, holder: Customer) -> tuple[Customer, Customer]:
    """Whom the shop knows stays; else the one who has the address by more than a word."""
    if claimant.pk == holder.pk:
        raise NothingToJoinError
    claimant_rank, holder_rank = _rank(claimant), _rank(holder)
    if claimant_rank[0] and holder_rank[0]:
        raise JoinedBeforeError
    if claimant_rank > holder_rank:
        return holder, claimant
    return claimant, holder


def _rank(customer: Customer) -> tuple[bool, bool]:
    has_shop_id = customer.identities.filter(kind=IdentityKind.SHOP).exists()
    return has_shop_id, customer.orders.exists()


def _join(
    earlier: Conversation, later: Conversation, member: Membership
) -> list[Joining]:
    identities = list(
        Identity.objects.filter(customer=earlier.customer_id).order_by("pk")
    )
    before = Joining.objects.filter(undone_at__isnull=True)
    if before.filter(identity__in=identities).exists():
        raise JoinedBeforeError
    joinings = Joining.objects.bulk_create(
        Joining(
            account_id=earlier.account_id,
            identity=identity,
            earlier=earlier,
            later=later,
        )
        for identity in identities
    )
    for identity in identities:
        move_identity(identity, later.customer, actor=member.user)
    log.record(
        "customer.joined",
        later.customer,
        actor=member.user,
        before={"conversation": earlier.pk},
        after={"conversation": later.pk},
    )
    return joinings


def _take_visitors(earlier: Conversation, later: Conversation) -> None:
    """Their browsers go on in the later conversation, and read the earlier one too."""
    visitors = Visitor.objects.filter(customer=earlier.customer, earlier__isnull=True)
    visitors.update(customer=later.customer, earlier=earlier)
