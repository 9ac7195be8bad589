from __future__ import annotations

from django.db import models
from django.db.models import Q

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet, Membership
from conversations.models.conversation import Conversation
from conversations.models.inbox import Inbox
from customers.models import Identity


class AccountLinkNonce(models.Model):
    """A shop has signed a customer in who wants to link a channel, and says who it was.

    The provider tells us the same nonce, and for whom. Only its SHA-256 is kept.
    """

    inbox = models.ForeignKey(
        Inbox, on_delete=models.CASCADE, related_name="link_nonces"
    )
    nonce_hash = models.CharField(max_length=64)
    shop_id = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "nonce_hash"], name="link_nonce_once"
            )
        ]

    def __str__(self) -> str:
        return f"nonce {self.pk}"


class Joining(AccountOwned):
    """An address turned out to be another customer's: from then on it speaks for them.

    No row of a thread moves: `earlier` stays as it was, and is still answered there.
    One that was undone stands for good: those two are not joined again by themselves.
    """

    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, related_name="joinings"
    )
    earlier = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="+"
    )
    later = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    shop_id = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AccountOwnedQuerySet["Joining"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(undone_at__isnull=True),
                name="joined_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"
