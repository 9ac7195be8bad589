"""An inbox as its adapter sees it."""

import json
import time
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from agentdesk import credentials
from conversations.adapters.base import Adapter, Connection
from conversations.adapters.registry import ADAPTERS, is_offered
from conversations.models import Attachment, Inbox, InboxConnection
from conversations.selectors.remembered import RememberedInboxes

_SIGNER = Signer(salt="conversations.outbound-file")


def _read_connected(key: str) -> Inbox | None:
    rows = Inbox.objects.select_related("connection")
    return rows.filter(key=key, connection__isnull=False).first()


_connected = RememberedInboxes(_read_connected)


def connected_inbox(key: str, *, is_fresh: bool = False) -> Inbox | None:
    """The inbox that a provider posts to, as it is or, unless fresh, a moment ago."""
    inbox = _connected.read_again(key) if is_fresh else _connected.get(key)
    return inbox if inbox is not None and is_offered(inbox.channel) else None


def adapter_of(inbox: Inbox) -> Adapter:
    """The adapter of an inbox that comes with `connection`, where it has one."""
    return ADAPTERS[inbox.channel](connection_of(inbox))


def connection_of(inbox: Inbox) -> Connection:
    """Raises UnsealError when the installation has lost its CREDENTIAL_KEY."""
    kept = getattr(inbox, "connection", None)
    if kept is None:
        return Connection(inbox.key, inbox.name, public_url=webhook_address(inbox))
    is_overlapping = bool(kept.earlier_until and kept.earlier_until > timezone.now())
    return Connection(
        inbox_key=inbox.key,
        name=inbox.name,
        settings={name: str(value) for name, value in kept.settings.items()},
        secrets=unsealed(kept.secrets),
        earlier=unsealed(kept.earlier_secrets) if is_overlapping else {},
        public_url=webhook_address(inbox),
        api=_simulator(kept),
    )


@lru_cache(maxsize=1024)
def unsealed(sealed: str) -> dict[str, str]:
    """Secrets as they are kept. Raises UnsealError."""
    return dict(json.loads(credentials.unseal(sealed))) if sealed else {}


def _simulator(kept: InboxConnection) -> str:
    if not kept.is_simulated:
        return ""
    return f"{settings.SIMULATOR_URL}/{kept.inbox.channel}"


def own_address() -> str:
    """Where providers reach this installation, without a slash behind it."""
    return settings.PUBLIC_URL or settings.LOCAL_URL


def webhook_address(inbox: Inbox) -> str:
    return own_address() + reverse("hooks:hook", args=[inbox.key])


def outbound_address(
    attachment: Attachment, *, life: timedelta, is_preview: bool = False
) -> str:
    """A public address of a file of a reply, for the provider to fetch it."""
    until = int(time.time() + life.total_seconds())
    token = _SIGNER.sign(f"{attachment.key}:{'p' if is_preview else 'f'}:{until}")
    return own_address() + reverse("hooks:file", args=[token])


def outbound_file(token: str) -> tuple[str, bool]:
    """The key of the file, and whether its preview is asked for. Raises BadSignature."""
    key, which, until = _SIGNER.unsign(token).split(":")
    if time.time() > int(until):
        raise BadSignature("expired")
    return key, which == "p"
