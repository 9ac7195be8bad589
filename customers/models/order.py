from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agentdesk.accounts.models import AccountOwned, AccountOwnedQuerySet
from customers.choices import OrderStatus, PaymentStatus
from customers.models.customer import Customer
from customers.models.product import Product, Store


class OrderNumberKey(models.Func):
    """An order number as it is searched: its Latin letters and digits, NFKC, upper case.

    #1001, ＫＧ１００１, store-1001 and 注文1001 are typed in more ways than shops write them.
    """

    template = (
        "upper(regexp_replace(normalize(%(expressions)s, NFKC),"
        " '[^A-Za-z0-9]', '', 'g'))"
    )
    output_field = models.CharField()


class Order(AccountOwned):
    """A purchase, online or in a store. Amounts are yen, tax included."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="orders"
    )
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("order number"), max_length=60)
    placed_at = models.DateTimeField(_("placed"))
    status = models.CharField(
        pgettext_lazy("order", "status"), max_length=10, choices=OrderStatus.choices
    )
    total = models.BigIntegerField(_("total"))
    # Column → cell of the shop's file, where it was no phone number or mail address.
    unread_cells = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AccountOwnedQuerySet["Order"].as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "store", "number"], name="order_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-placed_at", "-id"], name="order_newest"),
            models.Index(
                F("account"),
                OpClass(OrderNumberKey("number"), name="text_pattern_ops"),
                name="order_number_key",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(AccountOwned):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    quantity = models.IntegerField(default=1)
    unit_price = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="order_line_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


class Payment(AccountOwned):
    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, related_name="payment"
    )
    method = models.CharField(_("payment method"), max_length=60)
    status = models.CharField(max_length=10, choices=PaymentStatus.choices)
    paid_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.method


class Shipment(AccountOwned):
    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, related_name="shipment"
    )
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip()


class OrderStatusChange(AccountOwned):
    """The history of an order's status, as the shop told it."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="status_changes"
    )
    status = models.CharField(max_length=10, choices=OrderStatus.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "status", "at"], name="order_status_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.at}"
