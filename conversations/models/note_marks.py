"""What members put on messages for each other; a customer never sees any of it."""

from __future__ import annotations

from django.db import models

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.choices import NoteEmoji
from conversations.models.conversation import Conversation
from conversations.models.message import Message


class NoteReaction(AccountOwned):
    """One of a few signs that a member has put on an internal note."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="note_reactions", db_index=False
    )
    member = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    emoji = models.CharField(max_length=8, choices=NoteEmoji.choices)
    at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["NoteReaction"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "member", "emoji"], name="note_reaction_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.emoji} of {self.member_id}"


class Pin(AccountOwned):
    """A message that stands at the head of its thread."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="pins"
    )
    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="pin"
    )
    by = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet["Pin"].as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"pin of {self.message_id}"
