from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from agentdesk.accounts.models import Membership
from conversations.models.conversation import Conversation

LEASE_IDLE = timedelta(seconds=90)


class Draft(models.Model):
    """What one member has begun to write in one conversation; a reply and a note apart.

    `beside`: what stands beside the text of a reply (channel, recipients, files, a
    provider's template and its `values`, and as `html` the same words with formatting,
    cleaned).
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="drafts"
    )
    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="drafts"
    )
    is_note = models.BooleanField(default=False)
    body = models.TextField(blank=True)
    beside = models.JSONField(default=dict, blank=True)
    client_id = models.UUIDField(null=True, blank=True)  # what it will be sent under
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "member", "is_note"], name="draft_once"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.member_id}"

    @property
    def is_written(self) -> bool:
        """Whether it says something: words, or what stands in their place."""
        is_filled = any(self.beside.get("values", ()))
        is_picture = "<img" in self.beside.get("html", "")
        return bool(self.body.strip()) or is_picture or is_filled


class ComposeLease(models.Model):
    """Who is answering the customer now; nobody else may until it idles out."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="lease", primary_key=True
    )
    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="leases"
    )
    renewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.member_id} writes in {self.conversation_id}"

    @property
    def is_live(self) -> bool:
        return timezone.now() - self.renewed_at < LEASE_IDLE
