"""By when a customer who waits is to be answered, within the account's opening hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agentdesk.accounts.models import ClientAccount
from conversations.adapters.base import Capabilities
from conversations.adapters.registry import ADAPTERS
from conversations.routing.opening import remembered_schedule

_NEAR = 0.75  # of the time there is: from here on the list says that it is near


@dataclass(frozen=True)
class Due:
    """`is_live`: they sit before it, and are gone if nobody answers."""

    at: datetime
    soon: datetime
    is_live: bool


def due_of(account: ClientAccount, channel: str, since: datetime) -> Due:
    """Of a message of that channel. Outside opening hours no time passes."""
    adapter = ADAPTERS.get(channel)
    within = adapter.capabilities.answer_within if adapter else _USUAL
    schedule = remembered_schedule(account)
    return Due(
        at=schedule.after_open_time(since, within),
        soon=schedule.after_open_time(since, within * _NEAR),
        is_live=adapter is not None and adapter.capabilities.is_live,
    )


_USUAL: timedelta = Capabilities.answer_within
