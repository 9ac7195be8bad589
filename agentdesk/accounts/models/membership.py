from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models.client_account import ClientAccount
from agentdesk.accounts.roles import Role


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(is_active=True, user__is_active=True)

    def of_account(self, account: ClientAccount) -> MembershipQuerySet:
        return self.filter(account=account)


class Membership(models.Model):
    """A user's place in one account, with a role and, where they phone, an extension."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    account = models.ForeignKey(
        ClientAccount, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(
        _("role"), max_length=12, choices=Role.choices, default=Role.AGENT
    )
    extension = models.CharField(_("extension"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="member_once"),
            models.UniqueConstraint(
                fields=["account", "extension"],
                condition=~Q(extension=""),
                name="extension_once",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name
