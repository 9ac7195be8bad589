from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from conversations.choices import AttemptOutcome, DeliveryState, FailureCode
from conversations.models.inbox import Inbox
from conversations.models.message import Message


class Delivery(AccountOwned):
    """One request to a provider that a reply takes; `number` counts from 0.

    `key` is told to the provider in every attempt, where it takes one (`is_keyed`).
    The state of the message is that of its least advanced delivery.
    """

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="deliveries"
    )
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=uuid.uuid4)
    payload = models.JSONField(default=dict, blank=True)  # until it is taken
    is_keyed = models.BooleanField(default=False)
    file = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    provider_message_ids = ArrayField(
        models.CharField(max_length=300), default=list, blank=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=40, blank=True)  # a FailureCode
    failure_detail = models.CharField(max_length=300, blank=True)

    objects = AccountOwnedQuerySet["Delivery"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "number"], name="delivery_numbered_once"
            )
        ]
        indexes = [
            GinIndex(fields=["provider_message_ids"], name="delivery_provider_ids"),
            models.Index(
                fields=["inbox", "-settled_at"],
                condition=Q(state="failed"),
                name="delivery_failed",
            ),
            models.Index(fields=["inbox", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.number} of message {self.message_id}"

    @property
    def why(self) -> str:
        """Its failure in the reader's words."""
        known = self.failure in FailureCode.values
        return str(FailureCode(self.failure).label) if known else self.failure


class DeliveryAttempt(models.Model):
    """One request that was made, and what came of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=AttemptOutcome.choices)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at:%H:%M:%S}"
