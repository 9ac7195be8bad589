from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from customers.choices import AttributeKind


class AttributeDefinition(AccountOwned):
    """A free attribute of the account's customers; values lie in Customer.attributes."""

    key = models.SlugField(max_length=40)
    label = models.CharField(_("label"), max_length=60)
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=AttributeKind.choices,
        default=AttributeKind.TEXT,
    )
    options = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = AccountOwnedQuerySet["AttributeDefinition"].as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], name="attribute_key_once"
            )
        ]

    def __str__(self) -> str:
        return self.label
