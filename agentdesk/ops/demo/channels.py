"""The demo's inboxes of other providers: connected to simulators on this machine."""

import json

from django.utils import timezone
from django.utils.translation import gettext as translated

from agentdesk.crypto import seal
from conversations.adapters.base import Field
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel, InboxState
from conversations.models import Inbox, InboxConnection
from conversations.simulators.registry import SIMULATORS, shown_values


def instagram_account(number: int) -> str:
    """Its customers' ids mean something there alone."""
    return SIMULATORS[Channel.INSTAGRAM].demo(number)["instagram_id"]


def provider_values(inbox: Inbox) -> list[tuple[str, str]]:
    """What the simulated provider would show an admin: name and value, as in the form."""
    values = shown_values(inbox)
    return [
        (str(translated(one.label)), _as_shown(one, values[one.name]))
        for one in ADAPTERS[inbox.channel].fields
        if one.name in values
    ]


def _as_shown(field: Field, value: str) -> str:
    return str(translated(dict(field.choices).get(value, value)))


def connect(inbox: Inbox, number: int) -> None:
    """Give a simulated provider's settings and secrets to the inbox of a company.

    Channels whose own side is ours need none; what cannot be simulated is stopped.
    """
    adapter = ADAPTERS.get(inbox.channel)
    if adapter is None or not adapter.fields:
        if adapter is None:
            Inbox.objects.filter(pk=inbox.pk).update(state=InboxState.STOPPED)
        return
    simulator = SIMULATORS.get(inbox.channel)
    values = simulator.demo(number) if simulator else {}
    plain = {one.name for one in adapter.fields if not one.is_secret}
    if "account_link_url" in plain:
        values = {**values, "account_link_url": f"/demo/{inbox.account.slug}/line/"}
    now = timezone.now()
    InboxConnection.objects.create(
        inbox=inbox,
        is_simulated=True,
        settings={name: one for name, one in values.items() if name in plain},
        secrets=seal(
            json.dumps({name: one for name, one in values.items() if name not in plain})
        ),
        checked_at=now if values else None,
        tested_at=now if values else None,
    )
    if not values:
        Inbox.objects.filter(pk=inbox.pk).update(state=InboxState.DRAFT)
