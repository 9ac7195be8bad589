from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwnedQuerySet, ClientAccount


class AuditEntry(models.Model):
    """One change: who, what, on what, when, from which address, before and after.

    A trigger in the database refuses UPDATE, DELETE and TRUNCATE.
    """

    account = models.ForeignKey(
        ClientAccount, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None is the system
    action = models.CharField(_("what"), max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True)
    target_label = models.CharField(_("on what"), max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(_("from"), null=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = AccountOwnedQuerySet["AuditEntry"].as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["-at", "-id"], name="audit_all_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_label}"
