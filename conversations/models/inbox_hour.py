from __future__ import annotations

from django.db import models

from conversations.models.inbox import Inbox


class InboxHour(models.Model):
    """What one inbox carried in one hour, counted from messages, calls and deliveries.

    It can be made anew from them at any time (`actions/roll_up_hours.py`).
    """

    inbox = models.ForeignKey(
        Inbox, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    hour = models.DateTimeField(db_index=True)
    received = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "hour"], name="inbox_hour_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inbox_id} at {self.hour:%Y-%m-%d %H}"
