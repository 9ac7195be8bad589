from __future__ import annotations

from django.db import models

from agentdesk.accounts.models import Membership
from conversations.models.message import Message


class Mention(models.Model):
    """A member named in a note with @."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="mentions"
    )
    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="mentions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "member"], name="mention_once")
        ]

    def __str__(self) -> str:
        return f"@{self.member}"
