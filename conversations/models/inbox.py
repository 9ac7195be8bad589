from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import (
    AccountOwned,
    AccountOwnedQuerySet,
    Colour,
    Membership,
)
from conversations.choices import OPEN_INBOX_STATES, InboxState, channel_choices

# Letters and digits nobody confuses, for keys that stand in addresses.
_KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_inbox_key() -> str:
    return "".join(secrets.choice(_KEY_LETTERS) for _index in range(16))


class Queue(AccountOwned):
    """Where inquiries wait. Every account has one default queue."""

    name = models.CharField(_("name"), max_length=60)
    is_default = models.BooleanField(default=False)

    objects = AccountOwnedQuerySet["Queue"].as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="queue_name_once"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True),
                name="one_default_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InboxQuerySet(AccountOwnedQuerySet["Inbox"]):
    def running(self) -> InboxQuerySet:
        """Open to customers, wholly or in part."""
        return self.filter(state__in=OPEN_INBOX_STATES)


class Inbox(AccountOwned):
    """One connected address of a channel. `key` is public: it stands in addresses.

    `hours` is a week as `agentdesk.accounts.hours.written` spells it; empty for the
    account's own. While it is PARTIAL, `partial_hours` and `partial_members` narrow it.
    `silent_since` is when it was last heard, once that is suspiciously long ago.
    """

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="inboxes")
    channel = models.CharField(_("channel"), max_length=10, choices=channel_choices)
    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=40, unique=True, default=new_inbox_key)
    state = models.CharField(
        _("state"), max_length=8, choices=InboxState.choices, default=InboxState.LIVE
    )
    hours = models.JSONField(default=dict, blank=True)
    partial_hours = models.JSONField(default=dict, blank=True)
    partial_members = models.ManyToManyField(Membership, blank=True, related_name="+")
    silent_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="inbox_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.state in OPEN_INBOX_STATES


class InboxApiKey(models.Model):
    """A key with which a PBX posts events to an inbox. Only its SHA-256 is kept."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12)  # shown, so that keys can be told apart
    key_hash = models.CharField(max_length=64, unique=True)
    client_id = models.UUIDField(null=True, unique=True)  # of the form it was asked by
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class WebChatSettings(models.Model):
    """How one web chat looks, what it asks, and which sites may carry it.

    `identity_secret` signs visitors the shop has signed in; it is sealed
    (`agentdesk.crypto`). No allowed origin means no site but our own demo shop.
    """

    inbox = models.OneToOneField(
        Inbox, on_delete=models.CASCADE, related_name="webchat", primary_key=True
    )
    allowed_origins = ArrayField(
        models.CharField(max_length=200), default=list, blank=True
    )
    allow_null_origin = models.BooleanField(
        _("pages without an address"), default=False
    )
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour.choices, default=Colour.INDIGO
    )
    title_ja = models.CharField(max_length=60, blank=True)
    title_en = models.CharField(max_length=60, blank=True)
    greeting_ja = models.TextField(max_length=500, blank=True)
    greeting_en = models.TextField(max_length=500, blank=True)
    away_ja = models.TextField(max_length=500, blank=True)
    away_en = models.TextField(max_length=500, blank=True)
    ask_before = models.BooleanField(_("form before the chat"), default=False)
    ask_name = models.BooleanField(_("name"), default=True)
    ask_email = models.BooleanField(_("email"), default=True)
    ask_phone = models.BooleanField(_("phone"), default=False)
    ask_subject = models.BooleanField(_("subject"), default=False)
    show_pickup = models.BooleanField(_("pick-up code for calls"), default=True)
    identity_secret = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.inbox.name
