"""The providers that can be simulated: one line a channel."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from conversations.adapters.base import Connection
from conversations.choices import Channel
from conversations.models import InboxConnection
from conversations.selectors.connection import connection_of
from conversations.simulators.base import Simulator
from conversations.simulators.esp import EspSimulator
from conversations.simulators.line import LineSimulator
from conversations.simulators.meta import InstagramSimulator, MessengerSimulator
from conversations.simulators.sms import SmsSimulator
from conversations.simulators.whatsapp import WhatsAppSimulator
from conversations.simulators.x import XSimulator

SIMULATORS: dict[str, type[Simulator]] = {
    Channel.LINE: LineSimulator,
    Channel.MESSENGER: MessengerSimulator,
    Channel.INSTAGRAM: InstagramSimulator,
    Channel.WHATSAPP: WhatsAppSimulator,
    Channel.SMS: SmsSimulator,
    Channel.X: XSimulator,
    Channel.EMAIL: EspSimulator,
}


def simulated(channel: str) -> Sequence[Connection]:
    """The inboxes whose provider is a simulator, with all it takes to sign.

    Each named with its company: two of them may call an inbox the same.
    """
    rows = InboxConnection.objects.select_related("inbox__account").filter(
        is_simulated=True, inbox__channel=channel
    )
    return [
        replace(connection_of(inbox), name=f"{inbox.account.name} {inbox.name}")
        for inbox in (one.inbox for one in rows.order_by("pk"))
    ]


def make(channels: Sequence[str]) -> dict[str, Simulator]:
    return {
        channel: SIMULATORS[channel](partial(simulated, channel))
        for channel in channels
    }
