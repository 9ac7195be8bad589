from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet


class ImportSettings(AccountOwned):
    """How the files of an account's shop are read; without a row by the defaults."""

    DEFAULT_SHARED_LIMIT = 5

    fillers = models.TextField(_("cells that say nothing"), max_length=4000, blank=True)
    shared_limit = models.PositiveSmallIntegerField(
        _("most people of one address"), default=DEFAULT_SHARED_LIMIT
    )

    objects = AccountOwnedQuerySet["ImportSettings"].as_manager()

    class Meta:
        verbose_name = _("import settings")
        verbose_name_plural = _("import settings")
        constraints = [
            models.UniqueConstraint(fields=["account"], name="import_settings_once")
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def words(self) -> list[str]:
        return [line.strip() for line in self.fillers.splitlines() if line.strip()]
