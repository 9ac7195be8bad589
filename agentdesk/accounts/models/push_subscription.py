from __future__ import annotations

from django.db import models

from agentdesk.accounts.models.session import Session
from agentdesk.accounts.models.user import User


class PushSubscription(models.Model):
    """A browser that is notified of what concerns its user while no page is open.

    It ends with the session, however that ends: signed out there or elsewhere, another
    password, a member who has left.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="push_subscriptions"
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"a browser of {self.user_id}"
