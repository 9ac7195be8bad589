"""How far the setting up of an inbox has come, read from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translated

from agentdesk.crypto import UnsealError
from conversations.adapters.base import Adapter, Field
from conversations.adapters.registry import ADAPTERS
from conversations.choices import InboxState
from conversations.connections.connection import adapter_of
from conversations.models import Inbox, InboxConnection

_AFTER: dict[str, tuple[str, ...]] = {
    InboxState.DRAFT: (InboxState.TEST, InboxState.PARTIAL, InboxState.LIVE),
    InboxState.TEST: (InboxState.PARTIAL, InboxState.LIVE, InboxState.DRAFT),
    InboxState.PARTIAL: (InboxState.LIVE, InboxState.TEST, InboxState.STOPPED),
    InboxState.LIVE: (InboxState.PARTIAL, InboxState.TEST, InboxState.STOPPED),
    InboxState.STOPPED: (InboxState.LIVE, InboxState.PARTIAL, InboxState.TEST),
}


def is_connected(channel: str) -> bool:
    """Whether inboxes of the channel are connected to a provider by an admin."""
    return bool(ADAPTERS[channel].fields)


def states_after(inbox: Inbox) -> list[str]:
    """What an admin may set the inbox to from here, the next step first."""
    allowed = set(InboxState.values)
    if not is_connected(inbox.channel):
        allowed -= {InboxState.DRAFT}
    if not ADAPTERS[inbox.channel].capabilities.can_reply:
        allowed -= {InboxState.PARTIAL}
    return [state for state in _AFTER[inbox.state] if state in allowed]


def fields_for(fields: Sequence[Field], chosen: dict[str, str]) -> list[Field]:
    """Those that are asked for, with what was chosen among the others."""
    defaults = {field.name: field.default for field in fields}
    chosen = defaults | {name: value for name, value in chosen.items() if value}
    return [
        field
        for field in fields
        if field.only_for is None or chosen.get(field.only_for[0]) in field.only_for[1]
    ]


@dataclass(frozen=True)
class Progress:
    """`missing` are labels of fields; `obstacle` says why it cannot go live, or is empty.

    `webhook_trouble` says why no provider can reach our address.
    """

    missing: list[str]
    has_webhook: bool
    webhook_trouble: str
    has_received: bool
    has_check: bool
    is_checked: bool
    findings: list[str]

    @property
    def is_filled_in(self) -> bool:
        return not self.missing

    @property
    def is_unheard(self) -> bool:
        """The provider should tell us of messages, and has never told us anything."""
        return self.has_webhook and not self.has_received

    @property
    def obstacle(self) -> str:
        if self.missing:
            return _("Still to be filled in: %(fields)s.") % {
                "fields": ", ".join(self.missing)
            }
        if self.has_check and not self.is_checked:
            return _("Check the connection first.")
        return self.findings[0] if self.findings else ""

    @property
    def is_ready(self) -> bool:
        return not self.obstacle


_NOTHING_TO_DO = Progress([], False, "", True, False, True, [])


def progress_of(inbox: Inbox) -> Progress:
    """Of an inbox that came with `connection`; all is done where it needs none."""
    connection: InboxConnection | None = getattr(inbox, "connection", None)
    if connection is None:
        return _NOTHING_TO_DO
    adapter = ADAPTERS[inbox.channel]
    try:
        own = adapter_of(inbox)
    except UnsealError:
        labels = [
            translated(field.label) for field in adapter.fields if field.is_secret
        ]
        return Progress(labels, True, "", False, True, False, [])
    values = {**own.connection.settings, **own.connection.secrets}
    return Progress(
        missing=[
            translated(field.label)
            for field in fields_for(adapter.fields, dict(own.connection.settings))
            if field.is_required and not (values.get(field.name) or field.default)
        ],
        has_webhook=own.has_webhook,
        webhook_trouble=_webhook_trouble(connection) if own.has_webhook else "",
        has_received=connection.tested_at is not None,
        has_check=adapter.check is not Adapter.check,
        is_checked=connection.checked_at is not None and not connection.trouble,
        findings=[
            translated(finding) for finding in connection.facts.get("findings", [])
        ],
    )


def _webhook_trouble(connection: InboxConnection) -> str:
    if connection.is_simulated or connection.tested_at or settings.HTTPS:
        return ""
    if not settings.PUBLIC_URL:
        return _(
            "This installation does not know its address on the internet: whoever runs "
            "it sets PUBLIC_URL, beginning with https://."
        )
    return _("Providers only post to addresses that begin with https://.")
