"""What happened to a message after it was written: reactions, and the texts before."""

from __future__ import annotations

from django.db import models

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from conversations.choices import ReactionSide
from conversations.models.message import MAX_BODY, Message


class MessageReaction(AccountOwned):
    """The emoji that one side has put on a message; they have one each.

    An empty `emoji` was taken back: the row stays for its time, so that a reaction
    which comes late does not undo the newer one.
    """

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="reactions", db_index=False
    )
    side = models.CharField(max_length=8, choices=ReactionSide.choices)
    emoji = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()  # the provider's time

    objects = AccountOwnedQuerySet["MessageReaction"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "side"], name="reaction_of_each_side_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.emoji or 'no reaction'} of {self.side}"


class MessageEdit(AccountOwned):
    """A text that a message had before it was edited, and when that ended.

    The newest `edited_at` of a message is when its present text was written.
    """

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="edits", db_index=False
    )
    body = models.TextField(max_length=MAX_BODY, blank=True)
    edited_at = models.DateTimeField()  # the provider's time

    objects = AccountOwnedQuerySet["MessageEdit"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "edited_at"], name="edit_of_a_message_once"
            )
        ]

    def __str__(self) -> str:
        return f"text before {self.edited_at:%Y-%m-%d %H:%M:%S}"
