from __future__ import annotations

from django.db import models

from agentdesk.accounts.models import AccountOwned
from customers.models.customer import Customer
from customers.models.product import Product, Store


class Cart(AccountOwned):
    """What the customer has in the online shop's basket now."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="cart"
    )
    store = models.ForeignKey(
        Store, null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"cart of {self.customer_id}"


class CartLine(AccountOwned):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    unit_price = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "position"], name="cart_line_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price
