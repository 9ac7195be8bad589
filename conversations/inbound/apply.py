"""What is done with each kind of event: the pipeline for messages, an action for the rest."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from conversations.adapters import events
from conversations.connections.notice import apply_notice
from conversations.connections.refresh_templates import apply_templates_changed
from conversations.inbound.bounce import apply_bounce
from conversations.inbound.change_address import apply_address_change
from conversations.inbound.echo import receive_echo
from conversations.inbound.happening import apply_happening, apply_reachability
from conversations.inbound.link_account import apply_account_link
from conversations.inbound.mail import receive_mail
from conversations.inbound.pipeline import draft_of, receive_drafts
from conversations.inbound.receipts import (
    apply_accepted,
    apply_delivery_update,
    apply_read_up_to,
)
from conversations.inbound.shapes import Result
from conversations.inbound.updates import apply_edit, apply_reaction, apply_unsend
from conversations.models import Inbox, ProviderEvent


def _receive(
    inbox: Inbox, event: events.InboundMessage, *, received_at: datetime
) -> Result:
    return receive_drafts(inbox, [draft_of(inbox, event, received_at)])[0]


_APPLY: dict[type, Callable[..., Any]] = {
    events.InboundMessage: _receive,
    events.Echo: receive_echo,
    events.DeliveryUpdate: apply_delivery_update,
    events.Accepted: apply_accepted,
    events.TemplatesChanged: apply_templates_changed,
    events.ReadUpTo: apply_read_up_to,
    events.Unsend: apply_unsend,
    events.Edit: apply_edit,
    events.Reaction: apply_reaction,
    events.Reachability: apply_reachability,
    events.AddressChange: apply_address_change,
    events.AccountLink: apply_account_link,
    events.Happening: apply_happening,
    events.Notice: apply_notice,
}
# These keep a way back to the raw event, which has all of it.
_APPLY_WITH_RAW: dict[type, Callable[..., Any]] = {
    events.InboundMail: receive_mail,
    events.Bounce: apply_bounce,
}


def register(kind: type, apply: Callable[..., Any]) -> None:
    """What an area above does with events of its own, said while the app starts."""
    _APPLY[kind] = apply


def apply(event: ProviderEvent, parsed: events.Parsed) -> Any:
    """Raises NotYetError, UnknownEventError, InvalidPayloadError."""
    apply_with_raw = _APPLY_WITH_RAW.get(type(parsed))
    if apply_with_raw is not None:
        return apply_with_raw(event, parsed)
    return _APPLY[type(parsed)](event.inbox, parsed, received_at=event.received_at)
