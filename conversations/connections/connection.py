"""An inbox as its adapter sees it."""

import json
import time
from collections.abc import Collection
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agentdesk import crypto as credentials
from conversations.adapters.base import Adapter, Connection, WebhookRequest
from conversations.adapters.failures import InvalidSignatureError, NotNowError
from conversations.adapters.registry import ADAPTERS, is_offered
from conversations.connections.remembered import RememberedInboxes
from conversations.models import Attachment, Inbox, InboxConnection

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
    stored = getattr(inbox, "connection", None)
    if stored is None:
        return Connection(inbox.key, inbox.name, public_url=webhook_address(inbox))
    is_overlapping = bool(
        stored.earlier_until and stored.earlier_until > timezone.now()
    )
    return Connection(
        inbox_key=inbox.key,
        name=inbox.name,
        settings={name: str(value) for name, value in stored.settings.items()},
        secrets=unsealed(stored.secrets),
        earlier=unsealed(stored.earlier_secrets) if is_overlapping else {},
        public_url=webhook_address(inbox),
        api=_simulator(stored),
        facts=stored.facts,
    )


def inboxes_of(
    accounts: Collection[str], request: WebhookRequest, *, beside: Inbox
) -> dict[str, Inbox]:
    """Whose events have come to the door of another inbox, by the provider's accounts.

    A provider has one address for all that one app of its serves; only an inbox whose
    own secret has signed the request is given a part of it. Those of the same client go
    first.
    """
    name = ADAPTERS[beside.channel].account
    is_theirs = Q(**{f"connection__settings__{name}__in": list(accounts)})
    is_theirs |= Q(**{f"connection__facts__{name}__in": list(accounts)})
    rows = Inbox.objects.select_related("connection").filter(
        is_theirs, channel=beside.channel, connection__isnull=False
    )
    found: dict[str, Inbox] = {}
    for inbox in sorted(
        rows.exclude(pk=beside.pk),
        key=lambda one: (one.account_id != beside.account_id, one.pk),
    ):
        adapter = adapter_of(inbox)
        if adapter.own_account not in found and _has_signed(adapter, request):
            found[adapter.own_account] = inbox
    return found


def _has_signed(adapter: Adapter, request: WebhookRequest) -> bool:
    try:
        adapter.verify(request)
    except (InvalidSignatureError, NotNowError):
        return False
    return True


@lru_cache(maxsize=1024)
def unsealed(sealed: str) -> dict[str, str]:
    """Secrets as they are kept. Raises UnsealError."""
    return dict(json.loads(credentials.unseal(sealed))) if sealed else {}


def _simulator(stored: InboxConnection) -> str:
    if not stored.is_simulated:
        return ""
    return f"{settings.SIMULATOR_URL}/{stored.inbox.channel}"


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
