"""The provider's own templates, as we last heard of them: kept with the connection."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.adapters.events import TemplatesChanged
from conversations.adapters.failures import NotOfferedError, SendError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import InboxState
from conversations.connections.renew_secrets import connected
from conversations.models import Inbox, InboxConnection

# Reviews take minutes, and the provider tells of most changes itself.
_OLD = timedelta(hours=1)
# After a change was told, or a failure.
_PAUSE = timedelta(minutes=1)
_ASLEEP = (InboxState.DRAFT, InboxState.STOPPED)


def refresh_templates(pk: int) -> None:
    """Ask the provider of an inbox; what was known stays where it does not answer."""
    inbox = Inbox.objects.select_related("connection").get(pk=pk)
    found: list[dict[str, Any]] | None
    try:
        found = [asdict(one) for one in connected(inbox).templates()]
    except (SendError, NotOfferedError):
        found = None
    now = timezone.now()
    facts: dict[str, Any] = {"templates_tried_at": now.isoformat()}
    if found is not None:
        facts |= {"templates": found, "templates_at": now.isoformat()}
    _remember(pk, facts)


def apply_templates_changed(
    inbox: Inbox, event: TemplatesChanged, *, received_at: datetime
) -> None:
    """The sweep fetches them within a minute."""
    _remember(inbox.pk, {"templates_at": ""})


@transaction.atomic
def _remember(pk: int, facts: dict[str, Any]) -> None:
    stored = InboxConnection.objects.select_for_update(no_key=True).get(inbox=pk)
    stored.facts = {**stored.facts, **facts}
    stored.save(update_fields=["facts"])


def inboxes_to_refresh(now: datetime) -> list[int]:
    """Those whose templates are old, or were told to be others now."""
    channels = [
        channel
        for channel, adapter in ADAPTERS.items()
        if adapter.capabilities.has_templates
    ]
    rows = InboxConnection.objects.filter(inbox__channel__in=channels).exclude(
        inbox__state__in=_ASLEEP
    )
    return [one.pk for one in rows if _is_due(one.facts, now)]


def _is_due(facts: dict[str, Any], now: datetime) -> bool:
    """One whose facts cannot be read is due: that writes them anew."""
    tried, fetched = facts.get("templates_tried_at"), facts.get("templates_at")
    pause = _OLD if fetched else _PAUSE
    try:
        return now - datetime.fromisoformat(tried or "") >= pause
    except (TypeError, ValueError):
        return True
