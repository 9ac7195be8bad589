"""Keys with which a PBX posts call events to an inbox."""

import hashlib
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import User
from agentdesk.audit import log
from conversations.models import Inbox, InboxApiKey

MOST_KEYS = 5
_PREFIX_LENGTH = 12


@transaction.atomic
def create_api_key(inbox: Inbox, *, actor: User | None, client_id: UUID) -> str | None:
    """The new key, to be shown once; older ones stay valid until they are revoked.

    None when the form `client_id` has made its key already. Raises SettingRefusedError
    where the inbox has as many keys as it may.
    """
    lock(inbox.account_id)
    if InboxApiKey.objects.filter(client_id=client_id).exists():
        return None
    if inbox.api_keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise SettingRefusedError(
            _("At most %(count)s keys at a time. Revoke one that is no longer used.")
            % {"count": MOST_KEYS}
        )
    key = f"adk_{secrets.token_urlsafe(32)}"
    InboxApiKey.objects.create(
        inbox=inbox,
        prefix=key[:_PREFIX_LENGTH],
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        client_id=client_id,
    )
    log.record(
        "api_key.created", inbox, actor=actor, after={"prefix": key[:_PREFIX_LENGTH]}
    )
    return key


@transaction.atomic
def revoke_api_key(key: InboxApiKey, *, actor: User | None) -> None:
    """Events sent with it are refused from now on."""
    revoked = InboxApiKey.objects.filter(pk=key.pk, revoked_at=None)
    if revoked.update(revoked_at=timezone.now()):
        before = {"prefix": key.prefix}
        log.record("api_key.revoked", key.inbox, actor=actor, before=before)
