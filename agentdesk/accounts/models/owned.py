from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.encoding import force_str

from agentdesk.accounts.models.client_account import ClientAccount
from agentdesk.accounts.roles import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from agentdesk.accounts.access import Access

_Row = TypeVar("_Row", bound=models.Model)


class AccountOwnedQuerySet(models.QuerySet[_Row]):
    def visible_to(self, access: Access) -> Self:
        """Rows of the accounts in which the user is an active member: the wall."""
        return self.filter(account_id__in=access.account_ids)

    def shown_to(self, access: Access) -> Self:
        """The same, narrowed to the account the user has switched to."""
        return self.filter(account_id__in=access.shown_ids)


class SandboxedQuerySet(AccountOwnedQuerySet[_Row]):
    """Rows some of which were made while an inbox is being tested (`TEST_FIELD`).

    No list shows those; only who may manage the account's settings can open them.
    """

    TEST_FIELD = "is_test"

    def visible_to(self, access: Access) -> Self:
        managed = [
            pk
            for pk in access.account_ids
            if access.allows(Permission.MANAGE_SETTINGS, pk)
        ]
        is_real = Q(**{self.TEST_FIELD: False})
        return super().visible_to(access).filter(is_real | Q(account_id__in=managed))

    def shown_to(self, access: Access) -> Self:
        return super().shown_to(access).real()

    def real(self) -> Self:
        """Without those of tests."""
        return self.filter(**{self.TEST_FIELD: False})


class AccountOwned(models.Model):
    """A row that belongs to exactly one client account."""

    account = models.ForeignKey(
        ClientAccount, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:  # noqa: N802  # Django's name
        """`get_…_display`: Django puts all labels of the field into a new dictionary each
        time, in the reader's language, to take one of them.
        """
        value = getattr(self, field.attname)
        label: str = force_str(_labels(field).get(value, value), strings_only=True)
        return label


@lru_cache(maxsize=256)
def _labels(field: models.Field[Any, Any]) -> dict[Any, StrOrPromise]:
    return dict(field.flatchoices)
