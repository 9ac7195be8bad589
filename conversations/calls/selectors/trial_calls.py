"""What a PBX has told of a phone inbox that is being tried: nobody else hears of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentdesk.accounts.models import Membership
from conversations.adapters.base import Adapter
from conversations.adapters.events import CallEvent
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.choices import EventState, InboxState
from conversations.connections.connection import adapter_of
from conversations.models import Call, Inbox, ProviderEvent
from customers.kinds import number_kinds
from customers.models import Identity
from customers.people.text import display_phone, normalise_phone

_SHOWN = 10


@dataclass(frozen=True)
class TrialCall:
    """`member` is on whose screen it would ring; `customers` are known by the number."""

    type: str  # ringing, answered, ended
    at: datetime
    number: str
    extension: str
    member: str
    customers: list[str]


def trial_calls(inbox: Inbox) -> list[TrialCall]:
    """The newest events that made no call. Four queries."""
    if inbox.state != InboxState.TEST:
        return []
    rows = ProviderEvent.objects.filter(inbox=inbox, state=EventState.PROCESSED)
    adapter = adapter_of(inbox)
    parsed_events = [
        (event, one)
        for event in rows.order_by("-pk")[:_SHOWN]
        for one in _of(event, adapter)
    ]
    members = _members(inbox, {one.extension for _event, one in parsed_events})
    real, region = _real(inbox, parsed_events), inbox.account.phone_region
    numbers = {
        one.from_number: normalise_phone(one.from_number, region)
        for _event, one in parsed_events
    }
    customers = _customers(inbox, {number for number in numbers.values() if number})
    return [
        TrialCall(
            type=one.type,
            at=event.received_at,
            number=display_phone(numbers[one.from_number], region) or one.from_number,
            extension=one.extension,
            member=members.get(one.extension, ""),
            customers=customers[numbers[one.from_number]],
        )
        for event, one in parsed_events
        if one.call_id not in real
    ]


def _real(
    inbox: Inbox, parsed_events: Sequence[tuple[ProviderEvent, CallEvent]]
) -> set[str]:
    """The ids of those that did make a call, before or after the trial."""
    ids = [one.call_id for _event, one in parsed_events]
    calls = Call.objects.filter(inbox=inbox, provider_call_id__in=ids)
    return {str(one) for one in calls.values_list("provider_call_id", flat=True)}


def _of(event: ProviderEvent, adapter: Adapter) -> list[CallEvent]:
    try:
        parsed = adapter.parse(bytes(event.body))
    except (InvalidPayloadError, UnknownEventError):
        return []
    return [one for one in parsed if isinstance(one, CallEvent)]


def _members(inbox: Inbox, extensions: Collection[str]) -> dict[str, str]:
    rows = Membership.objects.active().filter(
        account=inbox.account_id, extension__in=extensions
    )
    return {row.extension: row.user.name for row in rows.select_related("user")}


def _customers(inbox: Inbox, numbers: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = Identity.objects.filter(
        account=inbox.account_id,
        kind__in=number_kinds(),
        value__in=numbers,
        customer__is_test=False,
    )
    for row in rows.select_related("customer").order_by("pk"):
        found[row.value].append(str(row.customer))
    return found
