"""Inboxes and the queue: what admins of an account may do to them."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from agentdesk import crypto as credentials
from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, User
from agentdesk.audit import log
from agentdesk.audit.changes import change_row
from conversations.adapters.registry import ADAPTERS
from conversations.choices import Channel, InboxState
from conversations.inboxes.actions.default_webchat import default_webchat
from conversations.inboxes.selectors.progress import is_connected
from conversations.models import Inbox, InboxConnection, Queue, WebChatSettings

_OF_THE_INBOX = frozenset({"name", "queue", "hours"})
_OF_THE_CONNECTION = frozenset({"signature", "greeting", "away"})


@transaction.atomic
def create_inbox(
    account: ClientAccount,
    *,
    actor: User | None,
    channel: Channel,
    name: str,
    is_simulated: bool = False,
) -> Inbox:
    """On the default queue; a web chat with default texts. Raises SettingRefusedError.

    One that an admin connects to a provider is a draft until then. `is_simulated`: that
    provider is one of the demo's.
    """
    account = lock(account.pk)
    _check_name(account.pk, name)
    queue = Queue.objects.get(account=account, is_default=True)
    needs_connection = is_connected(channel)
    inbox = Inbox.objects.create(
        account=account,
        queue=queue,
        channel=channel,
        name=name,
        state=InboxState.DRAFT if needs_connection else InboxState.LIVE,
    )
    if needs_connection:
        InboxConnection.objects.create(inbox=inbox, is_simulated=is_simulated)
    if ADAPTERS[channel].capabilities.is_on_sites:
        WebChatSettings.objects.create(inbox=inbox, **default_webchat(account))
    after = {"name": name, "channel": str(channel)}
    log.record("inbox.created", inbox, actor=actor, after=after)
    return inbox


@transaction.atomic
def change_inbox(
    inbox: Inbox, *, actor: User | None, values: Mapping[str, Any]
) -> None:
    """Name, queue, hours, and what it says by itself or shows. Raises SettingRefusedError."""
    lock(inbox.account_id)
    if "name" in values:
        _check_name(inbox.account_id, values["name"], but=inbox.pk)
    own = {name: value for name, value in values.items() if name in _OF_THE_INBOX}
    change_row(inbox, own, actor=actor, action="inbox.changed")
    stated = {
        name: value for name, value in values.items() if name in _OF_THE_CONNECTION
    }
    if stated:
        _change_part(inbox, inbox.connection, stated, actor, "inbox.changed")
    rest = {
        name: value
        for name, value in values.items()
        if name not in own and name not in stated
    }
    if rest:
        _change_part(inbox, inbox.webchat, rest, actor, "webchat.changed")


def _change_part(
    inbox: Inbox,
    part: Model,
    values: Mapping[str, Any],
    actor: User | None,
    action: str,
) -> None:
    account_id = inbox.account_id
    change_row(part, values, actor=actor, action=action, account_id=account_id)


def secret_version(inbox: Inbox) -> str:
    """Tells one identity secret from the next without telling the secret."""
    sealed = inbox.webchat.identity_secret
    return credentials.digest(sealed)[:16] if sealed else "none"


@transaction.atomic
def rotate_identity_secret(
    inbox: Inbox, *, actor: User | None, version: str
) -> str | None:
    """A new secret, to be shown once; the old one is void from now on.

    None, and nothing changes, when it is no longer the `version` that was on screen.
    """
    chat = WebChatSettings.objects.select_for_update(no_key=True).get(inbox=inbox)
    inbox.webchat = chat
    if secret_version(inbox) != version:
        return None
    secret = secrets.token_urlsafe(32)
    chat.identity_secret = credentials.seal(secret)
    chat.save(update_fields=["identity_secret"])
    log.record("webchat.secret_rotated", inbox, actor=actor)
    return secret


@transaction.atomic
def rename_queue(queue: Queue, *, actor: User | None, name: str) -> None:
    """Raises SettingRefusedError where the account has another queue of that name."""
    lock(queue.account_id)
    same = Queue.objects.filter(account_id=queue.account_id, name=name)
    if same.exclude(pk=queue.pk).exists():
        raise SettingRefusedError(
            _("There is a queue with this name already."), field="name"
        )
    change_row(queue, {"name": name}, actor=actor, action="queue.renamed")


def _check_name(account_id: int, name: str, *, but: int = 0) -> None:
    same = Inbox.objects.filter(account_id=account_id, name=name)
    if same.exclude(pk=but).exists():
        raise SettingRefusedError(
            _("There is an inbox with this name already."), field="name"
        )
