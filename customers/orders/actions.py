"""The basket of the online shop, as the shop tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from customers.models import Cart, CartLine, Customer, Product

MAX_LINES = 50


@dataclass(frozen=True)
class CartItem:
    sku: str
    name: str
    quantity: int
    unit_price: int  # yen, tax included


@transaction.atomic
def set_cart(customer: Customer, items: Sequence[CartItem]) -> bool:
    """Make `items` the customer's cart; False where it already was the same.

    Not audited: it is the shop's own state, told again at every page.
    """
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    items = list(items)[:MAX_LINES]
    cart = Cart.objects.filter(customer=customer).first()
    if _items_of(cart) == items:
        return False
    now = timezone.now()
    if cart is None:
        cart = Cart.objects.create(
            account_id=customer.account_id, customer=customer, updated_at=now
        )
    else:
        cart.updated_at = now
        cart.save(update_fields=["updated_at"])
        cart.lines.all().delete()
    _add_lines(cart, items)
    return True


def _items_of(cart: Cart | None) -> list[CartItem]:
    if cart is None:
        return []
    return [
        CartItem(line.sku, line.name, line.quantity, line.unit_price)
        for line in cart.lines.all()
    ]


def _add_lines(cart: Cart, items: list[CartItem]) -> None:
    products = {
        product.sku: product
        for product in Product.objects.filter(
            account_id=cart.account_id, sku__in=[item.sku for item in items if item.sku]
        )
    }
    CartLine.objects.bulk_create(
        CartLine(
            account_id=cart.account_id,
            cart=cart,
            product=products.get(item.sku),
            position=position,
            sku=item.sku,
            name=item.name,
            quantity=item.quantity,
            unit_price=item.unit_price,
        )
        for position, item in enumerate(items, start=1)
    )
