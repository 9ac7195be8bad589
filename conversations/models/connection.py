from __future__ import annotations

from django.db import models
from django.utils import timezone

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from conversations.choices import ClosedReason
from conversations.models.inbox import Inbox
from customers.models import Identity


class InboxConnection(models.Model):
    """How an inbox reaches its provider, and how the provider was last heard to be.

    Secrets are sealed JSON (`agentdesk.crypto`). After a rotation the earlier
    ones verify until `earlier_until`. `trouble` is a FailureCode.
    """

    inbox = models.OneToOneField(
        Inbox, on_delete=models.CASCADE, related_name="connection", primary_key=True
    )
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True)
    earlier_secrets = models.TextField(blank=True)
    earlier_until = models.DateTimeField(null=True, blank=True)
    is_simulated = models.BooleanField(default=False)
    address = models.CharField(max_length=200, blank=True)  # as customers know it
    provider_name = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)  # an event has arrived
    facts = models.JSONField(default=dict, blank=True)
    token_expires_at = models.DateTimeField(null=True, blank=True)
    quota_limit = models.PositiveIntegerField(null=True, blank=True)
    quota_used = models.PositiveIntegerField(null=True, blank=True)
    quota_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_detail = models.CharField(max_length=300, blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)
    signature = models.TextField(max_length=2000, blank=True)
    greeting = models.TextField(max_length=1000, blank=True)
    away = models.TextField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"connection of {self.inbox_id}"

    @property
    def is_quota_used_up(self) -> bool:
        return (
            self.quota_limit is not None
            and self.quota_used is not None
            and self.quota_used >= self.quota_limit
        )


class InboxRefusals(models.Model):
    """How many requests to an inbox were refused on one day: nothing else is kept."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="refusals")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "day"], name="refusals_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"


class Reach(AccountOwned):
    """How one inbox reaches one address of a customer: window, free reply, follows.

    `last_heard_at` opens the reply window; `reply_token` may be used once, until
    `reply_until`. `facts` is what the channel's adapter wants to remember.
    """

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="reaches")
    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, related_name="reaches"
    )
    last_heard_at = models.DateTimeField(null=True, blank=True)
    reply_token = models.CharField(max_length=200, blank=True)
    reply_until = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(
        max_length=12, choices=ClosedReason.choices, blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    picture = models.FileField(max_length=200, blank=True)
    profile_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects = AccountOwnedQuerySet["Reach"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "identity"], name="reach_once")
        ]

    def __str__(self) -> str:
        return f"{self.inbox_id} → {self.identity_id}"

    @property
    def has_free_reply(self) -> bool:
        return (
            bool(self.reply_token)
            and self.reply_until is not None
            and self.reply_until > timezone.now()
        )
