from __future__ import annotations

from django.db import models
from django.db.models import Q

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from conversations.choices import EventLane, EventState
from conversations.models.inbox import Inbox


class ProviderEvent(AccountOwned):
    """One raw event of a provider, kept as it arrived, before anything is made of it.

    `begun` counts the starts of its processing that have not come to any end.
    """

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="events")
    provider_event_id = models.CharField(max_length=200)
    body = models.BinaryField()
    state = models.CharField(
        max_length=11, choices=EventState.choices, default=EventState.PENDING
    )
    reason = models.CharField(max_length=300, blank=True)
    lane = models.PositiveSmallIntegerField(default=EventLane.MESSAGE)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(default=0, db_default=0)
    retry_at = models.DateTimeField(null=True, blank=True)  # it came before its cause
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["ProviderEvent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "provider_event_id"], name="event_arrives_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(state="pending"),
                name="event_pending",
            ),
            models.Index(
                fields=["inbox", "lane", "id"],
                condition=Q(state="pending"),
                name="event_lane",
            ),
            models.Index(fields=["inbox", "-id"], name="event_newest"),
            models.Index(
                fields=["account", "state", "-id"],
                condition=Q(state__in=["quarantined", "held", "ignored"]),
                name="event_set_aside",
            ),
            models.Index(
                fields=["inbox", "state", "id"],
                condition=Q(state__in=["quarantined", "held"]),
                name="event_of_inbox_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return self.provider_event_id
