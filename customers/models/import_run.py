from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet


class ImportRun(AccountOwned):
    """One file that was read in, and what came of it."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        BROKEN_OFF = "broken_off", _("Broken off")

    kind = models.CharField(max_length=20)
    file_name = models.CharField(_("file"), max_length=255)
    encoding = models.CharField(max_length=12, blank=True)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.RUNNING
    )
    counts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["ImportRun"].as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["account", "-started_at"], name="import_run_newest")
        ]

    def __str__(self) -> str:
        return self.file_name
