from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from customers.choices import StoreKind


class Store(AccountOwned):
    """Where the account sells: its online shop or one of its physical stores."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=100)
    kind = models.CharField(
        _("kind"), max_length=8, choices=StoreKind.choices, default=StoreKind.EC
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    objects = AccountOwnedQuerySet["Store"].as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints = [
            models.UniqueConstraint(fields=["account", "code"], name="store_code_once")
        ]

    def __str__(self) -> str:
        return self.name


class Product(AccountOwned):
    sku = models.CharField(_("SKU"), max_length=60)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=200)
    price = models.PositiveBigIntegerField(_("price"), default=0)  # yen, tax included

    objects = AccountOwnedQuerySet["Product"].as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["account", "sku"], name="product_sku_once")
        ]

    def __str__(self) -> str:
        return self.name
