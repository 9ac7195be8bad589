"""A reply that waits for its time. It is no message yet: that it becomes when it leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.choices import ScheduleStop
from conversations.models.conversation import Conversation
from conversations.models.message import MAX_BODY


class ScheduledReply(AccountOwned):
    """What `send_reply` takes, stored until `send_at`.

    `client_id` is the message's: whatever runs twice makes one of it. `yields`: it does
    not leave when the customer has written since (`newest_seen` is the newest message of
    the conversation when it was scheduled). Once stopped, by that or by a refusal, it
    stands there until somebody decides. `beside` is what stood beside the text of the
    draft, which it becomes again when its writer goes on with it.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="scheduled_replies"
    )
    author = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    client_id = models.UUIDField()
    send_at = models.DateTimeField()
    yields = models.BooleanField(default=True)
    newest_seen = models.BigIntegerField(default=0)
    overtaken_at = models.DateTimeField(
        null=True, blank=True
    )  # its writer was notified
    stopped = models.CharField(
        max_length=9, choices=ScheduleStop.choices, blank=True, default=""
    )
    reason = models.CharField(max_length=300, blank=True)  # of a refusal, in words
    draft_body = models.TextField(max_length=MAX_BODY, blank=True)
    body = models.TextField(max_length=MAX_BODY, blank=True)
    via = models.CharField(max_length=64, blank=True)
    quotes = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=list, blank=True)  # keys of attachments
    beside = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["ScheduledReply"].as_manager()

    class Meta:
        verbose_name_plural = "scheduled replies"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="scheduled_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["send_at"], condition=Q(stopped=""), name="scheduled_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"scheduled reply {self.pk}"
