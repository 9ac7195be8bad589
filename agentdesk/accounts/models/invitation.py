from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models.client_account import ClientAccount
from agentdesk.accounts.roles import Role


class Invitation(models.Model):
    """A one-time link that makes its opener a member. Only the token's hash is kept.

    The very first one of an installation (`account` is None) makes the first admin.
    """

    account = models.ForeignKey(
        ClientAccount,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.AGENT
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return (
            self.accepted_at is None
            and self.revoked_at is None
            and self.expires_at > timezone.now()
        )
