"""The running call of a person, what rings for them, and the page of their calls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from agentdesk.accounts.access import Access
from agentdesk.prepared import prepared
from conversations.calls.selectors.caller import Candidate, candidates_to_choose
from conversations.calls.selectors.ring_facts import RingFacts, facts_of
from conversations.choices import CallState, Direction
from conversations.models import Call, ContactReason, FollowUp
from customers.choices import IdentityKind
from customers.models import Customer, Identity
from customers.people.text import display_phone, normalise_phone

_OCCUPIED = (CallState.TALKING, CallState.HELD, CallState.WRAP_UP)
_RINGS_FOR = timedelta(minutes=3)
_MISSED_SHOWN = timedelta(days=7)
MAX_RINGS = 5


@dataclass(frozen=True)
class ShownCall:
    """A call with what a strip, a ring or a row says about it."""

    call: Call
    customer: Customer | None
    candidates: list[Candidate] = field(default_factory=list)
    can_bind_number: bool = False  # may the number be bound to the customer?
    wants_number: bool = False  # came with a code and no number is known
    facts: RingFacts | None = None  # of what rings

    @property
    def number(self) -> str:
        return display_phone(self.call.customer_number, self.call.account.phone_region)

    @property
    def is_waiting(self) -> bool:
        """Answered on the handset while another call is being finished."""
        return (
            self.call.state == CallState.RINGING and self.call.answered_at is not None
        )


def _rows() -> QuerySet[Call]:
    return Call.objects.select_related(
        "account", "conversation__customer__rank", "inquiry", "member__user"
    )


def running_call(access: Access) -> ShownCall | None:
    """The one call the person has now, wrap-up included, in whichever account."""
    calls = _occupying(_members(access))
    return _running(calls[0]) if calls else None


def _members(access: Access) -> list[int]:
    return [member.pk for member in access.memberships.values()]


@prepared
def _occupying(member_ids: list[int]) -> QuerySet[Call]:
    rows = _rows().filter(member_id__in=member_ids, state__in=_OCCUPIED)
    return rows.order_by("pk")[:1]


def _running(call: Call) -> ShownCall:
    if call.conversation is None:
        offered = candidates_to_choose(call.account, call.customer_number)
        return ShownCall(call, None, candidates=offered)
    customer = call.conversation.customer
    is_unsettled = not call.number_settled and not _is_theirs(call, customer)
    has_number = bool(normalise_phone(call.customer_number, call.account.phone_region))
    return ShownCall(
        call,
        customer,
        can_bind_number=is_unsettled and has_number,
        wants_number=is_unsettled
        and not call.customer_number
        and call.picked_up_with_code,
    )


def _is_theirs(call: Call, customer: Customer) -> bool:
    number = call.customer_number
    return bool(number) and (
        Identity.objects.filter(
            account_id=call.account_id,
            kind=IdentityKind.PHONE,
            value=number,
            customer=customer,
        ).exists()
    )


def ringing_calls(access: Access) -> list[ShownCall]:
    """What rings for this person: their extension, or everybody of the account."""
    since = timezone.now() - _RINGS_FOR
    calls = _ringing(access.account_ids, _members(access), since)
    facts = facts_of(calls, access)
    return [_ring(call, facts.get(call.pk)) for call in calls]


@prepared
def _ringing(
    account_ids: list[int], members: list[int], since: datetime
) -> QuerySet[Call]:
    return (
        _rows()
        .filter(account_id__in=account_ids, state=CallState.RINGING)
        .filter(Q(member_id__in=members) | Q(member__isnull=True) & _rings_for(members))
        .filter(
            Q(answered_at__isnull=False) | Q(ended_at__isnull=True, rang_at__gt=since)
        )
        .order_by("rang_at")[:MAX_RINGS]
    )


def _rings_for(members: list[int]) -> Q:
    """It rings at their extension; or at nobody's, or is answered nobody knows where."""
    rings = Call.rings.through.objects.filter(call=OuterRef("pk"))
    theirs = rings.filter(membership__in=members)
    return Q(answered_at__isnull=False) | Q(~Exists(rings)) | Q(Exists(theirs))


def _ring(call: Call, facts: RingFacts | None) -> ShownCall:
    if call.conversation is not None:
        return ShownCall(call, call.conversation.customer, facts=facts)
    offered = candidates_to_choose(call.account, call.customer_number)
    return ShownCall(call, None, candidates=offered)


def my_calls(access: Access) -> QuerySet[Call]:
    """The person's own calls of the shown accounts; page them newest first."""
    members = [
        member.pk
        for account_id, member in access.memberships.items()
        if account_id in access.shown_ids
    ]
    return _rows().filter(member_id__in=members).exclude(state=CallState.RINGING)


def unknown_missed_calls(access: Access) -> list[ShownCall]:
    """Numbers nobody is known under who called in vain and were not spoken to since."""
    later = Call.objects.filter(
        account_id=OuterRef("account_id"),
        rang_at__gt=OuterRef("rang_at"),
    ).filter(
        Q(from_number=OuterRef("from_number"))
        | Q(to_number=OuterRef("from_number"), direction=Direction.OUTBOUND)
    )
    missed = (
        _rows()
        .shown_to(access)  # type: ignore[attr-defined]  # QuerySet of calls
        .filter(
            state=CallState.MISSED,
            conversation__isnull=True,
            direction=Direction.INBOUND,
            from_number__startswith="+",
            rang_at__gt=timezone.now() - _MISSED_SHOWN,
        )
        .filter(~Exists(later))
        .order_by("-rang_at")[:20]
    )
    return [ShownCall(call, None) for call in missed]


def open_follow_ups(access: Access) -> QuerySet[FollowUp]:
    members = [member.pk for member in access.memberships.values()]
    return (
        FollowUp.objects.shown_to(access)
        .filter(owner_id__in=members, done_at__isnull=True)
        .select_related("conversation__customer", "account", "call")
        .order_by("due_at", "pk")
    )


@dataclass(frozen=True)
class ReasonGroup:
    name: str
    reasons: list[tuple[int, str]]


def reason_groups(account_id: int) -> list[ReasonGroup]:
    """The account's contact reasons in use, by their first level, in one query."""
    rows = list(
        ContactReason.objects.filter(
            account_id=account_id, retired_at__isnull=True
        ).order_by(F("parent").asc(nulls_first=True), "position", "pk")
    )
    children: dict[int | None, list[ContactReason]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    return [
        ReasonGroup(root.name, [(root.pk, root.name), *_below(root, children, "")])
        for root in children.get(None, [])
    ]


def _below(
    parent: ContactReason, children: dict[int | None, list[ContactReason]], path: str
) -> list[tuple[int, str]]:
    found = []
    for child in children.get(parent.pk, []):
        name = f"{path}{child.name}"
        found.append((child.pk, name))
        found.extend(_below(child, children, f"{name} › "))
    return found
