from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from agentdesk.accounts.models.client_account import ClientAccount

if TYPE_CHECKING:
    from agentdesk.accounts.access import Access

_Row = TypeVar("_Row", bound=models.Model)


class AccountOwnedQuerySet(models.QuerySet[_Row]):
    def visible_to(self, access: Access) -> Self:
        """Rows of the accounts in which the user is an active member: the wall."""
        return self.filter(account_id__in=access.account_ids)

    def shown_to(self, access: Access) -> Self:
        """The same, narrowed to the account the user has switched to."""
        return self.filter(account_id__in=access.shown_ids)


class AccountOwned(models.Model):
    """A row that belongs to exactly one client account."""

    account = models.ForeignKey(
        ClientAccount, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
