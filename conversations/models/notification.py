from __future__ import annotations

from django.db import models
from django.db.models import Q

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.choices import NotificationKind
from conversations.models.conversation import Conversation
from conversations.models.message import Message


class Notification(AccountOwned):
    """Something that concerns one member: a mention, an assignment, a due follow-up."""

    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=10, choices=NotificationKind.choices)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["Notification"].as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["member", "-at"],
                condition=Q(seen_at__isnull=True),
                name="notification_unseen",
            ),
            models.Index(fields=["member", "-at", "-id"], name="notification_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id}"
