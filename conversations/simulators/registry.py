"""The providers that can be simulated: one line a channel."""

from collections.abc import Sequence
from functools import partial

from conversations.adapters.base import Connection
from conversations.choices import Channel
from conversations.models import InboxConnection
from conversations.selectors.connection import connection_of
from conversations.simulators.base import Simulator
from conversations.simulators.esp import EspSimulator

SIMULATORS: dict[str, type[Simulator]] = {
    Channel.EMAIL: EspSimulator,
}


def simulated(channel: str) -> Sequence[Connection]:
    """The inboxes whose provider is a simulator, with all it takes to sign."""
    rows = InboxConnection.objects.select_related("inbox").filter(
        is_simulated=True, inbox__channel=channel
    )
    return [connection_of(one.inbox) for one in rows.order_by("pk")]


def make(channels: Sequence[str]) -> dict[str, Simulator]:
    return {
        channel: SIMULATORS[channel](partial(simulated, channel))
        for channel in channels
    }
