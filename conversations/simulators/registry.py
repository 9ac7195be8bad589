"""The providers that can be simulated: those whose channel brings a simulator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from agentdesk.crypto import UnsealError
from conversations.adapters.base import Connection
from conversations.adapters.registry import ADAPTERS
from conversations.adapters.simulation.base import Simulator
from conversations.choices import Channel
from conversations.connections.connection import connection_of
from conversations.models import Inbox, InboxConnection


def _found() -> Iterator[tuple[str, type[Simulator]]]:
    """The package `simulator` beside each adapter, where there is one."""
    for channel in Channel:
        name = f"{ADAPTERS[channel].__module__.rpartition('.')[0]}.simulator"
        if find_spec(name):
            yield str(channel), import_module(name).SIMULATOR


SIMULATORS: dict[str, type[Simulator]] = dict(_found())

_COMPANIES = (1, 2)  # of the demo, whose inboxes have one set of values each


def simulated(channel: str) -> Sequence[Connection]:
    """The inboxes whose provider is a simulator, with all it takes to sign.

    Each named with its company: two of them may call an inbox the same.
    """
    rows = InboxConnection.objects.select_related("inbox__account").filter(
        is_simulated=True, inbox__channel=channel
    )
    return [
        replace(connection, name=f"{inbox.account.name} {inbox.name}")
        for inbox in (one.inbox for one in rows.order_by("pk"))
        if (connection := _issued(SIMULATORS[channel], inbox)) is not None
    ]


def _issued(simulator: type[Simulator], inbox: Inbox) -> Connection | None:
    """As the demo's provider signs; None where it was given what it has not shown."""
    connection = connection_of(inbox)
    if not settings.DEMO or not simulator.is_strict:
        return connection
    number = _number(simulator, inbox, connection)
    if number is None:
        return None
    shown = simulator.demo(number)
    signing = {name: one for name, one in shown.items() if name in connection.secrets}
    return replace(connection, secrets={**connection.secrets, **signing})


def _number(
    simulator: type[Simulator], inbox: Inbox, connection: Connection
) -> int | None:
    """By which the demo's provider knows the inbox; None where it knows nobody so."""
    given = {**connection.settings, **connection.secrets}
    for number in (inbox.pk, *_COMPANIES):
        shown = simulator.demo(number)
        compared = shown.keys() & given.keys() - simulator.signs_with
        if all(given[name] == shown[name] for name in compared):
            return number
    return None


def shown_values(inbox: Inbox) -> Mapping[str, str]:
    """What the console of the inbox's provider shows in the demo; empty without one."""
    simulator = SIMULATORS.get(inbox.channel)
    if simulator is None:
        return {}
    try:
        number = _number(simulator, inbox, connection_of(inbox))
    except UnsealError:
        number = None
    return simulator.demo(inbox.pk if number is None else number)


def make(channels: Sequence[str]) -> dict[str, Simulator]:
    return {
        channel: SIMULATORS[channel](partial(simulated, channel))
        for channel in channels
    }
