from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox
from customers.models import Customer


class Visitor(AccountOwned):
    """One browser in a web chat. It has a customer from its first message on.

    `stated` is what the visitor says of themselves (name, email, phone): shown, never
    trusted. `claims` is what the shop has signed (id, name, email). `earlier` is the
    conversation they had before the shop told who they are: they read it on. Once they
    have signed out of the shop, this visitor's token opens nothing any more.
    """

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="visitors")
    key = models.UUIDField(default=uuid.uuid4)
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.PROTECT, related_name="visitors"
    )
    earlier = models.ForeignKey(
        Conversation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=5, default="ja")
    page_url = models.CharField(max_length=2000, blank=True)
    page_title = models.CharField(max_length=300, blank=True)
    stated = models.JSONField(default=dict, blank=True)
    claims = models.JSONField(default=dict, blank=True)
    last_seen_at = models.DateTimeField(default=timezone.now)
    signed_out_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["Visitor"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "key"], name="visitor_once")
        ]

    def __str__(self) -> str:
        return f"visitor {self.key}"


class PickupCode(AccountOwned):
    """A code a visitor reads out on the phone. Only a keyed digest of it is kept."""

    visitor = models.ForeignKey(
        Visitor, on_delete=models.CASCADE, related_name="pickup_codes"
    )
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True, blank=True)  # used, renewed or expired
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["PickupCode"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "digest"],
                condition=Q(spent_at__isnull=True),
                name="pickup_code_once",
            ),
            models.UniqueConstraint(
                fields=["visitor"],
                condition=Q(spent_at__isnull=True),
                name="one_pickup_code_a_visitor",
            ),
        ]

    def __str__(self) -> str:
        return f"pick-up code {self.pk}"


class PickupAttempt(models.Model):
    """A wrong code typed by a member; five a minute are the limit."""

    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="pickup_attempts"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["member", "at"], name="pickup_attempt_recent")]

    def __str__(self) -> str:
        return f"wrong code by {self.member_id}"
