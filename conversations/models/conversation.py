from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.access import Access
from agentdesk.accounts.models import AccountOwned, Membership, SandboxedQuerySet
from conversations.choices import (
    Channel,
    Direction,
    ScheduleMark,
    channel_choices,
)
from conversations.models.partly_live import hidden_conversations
from customers.models import Customer


class ConversationQuerySet(SandboxedQuerySet["Conversation"]):
    TEST_FIELD = "customer__is_test"

    def visible_to(self, access: Access) -> Self:
        rows = super().visible_to(access)
        hidden = hidden_conversations(access)
        return rows if hidden is None else rows.exclude(hidden)


class Conversation(AccountOwned):
    """The lifelong thread of one customer in one account; exactly one each, never closed.

    `preview` and what begins with `last_` repeat the newest message, so that a list costs
    no look at messages. `is_unread`: no member has seen all the customer has written.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, related_name="conversation"
    )
    preview = models.CharField(max_length=160, blank=True)
    last_channel = models.CharField(
        max_length=10, choices=channel_choices, default=Channel.WEBCHAT
    )
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_direction = models.CharField(
        max_length=8, choices=Direction.choices, blank=True, default="", db_default=""
    )
    last_author = models.ForeignKey(
        Membership,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    is_unread = models.BooleanField(default=False, db_default=False)
    # Repeat what stands in tables of their own, which are hardly ever read for it.
    scheduled = models.CharField(
        max_length=7,
        choices=ScheduleMark.choices,
        blank=True,
        default="",
        db_default="",
    )
    pin_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return f"conversation {self.pk}"
