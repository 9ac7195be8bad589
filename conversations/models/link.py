from django.db import models

from conversations.models.inbox import Inbox


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
