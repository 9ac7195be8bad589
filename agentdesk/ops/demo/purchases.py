"""Orders with lines, payment, shipment and history, online and in stores; carts."""

from dataclasses import dataclass
from random import Random

from agentdesk.ops.demo.companies import Company, Item, Shop
from agentdesk.ops.demo.copying import NULL, Table
from agentdesk.ops.demo.people import Person
from agentdesk.ops.demo.stamps import DAY, japanese_midnight, short_day, stamp
from customers.choices import OrderStatus, PaymentStatus
from customers.models import (
    Cart,
    CartLine,
    Order,
    OrderLine,
    OrderStatusChange,
    Payment,
    Shipment,
)

HOUR = 3600
_CARRIERS = ("ヤマト運輸", "ヤマト運輸", "佐川急便", "日本郵便")
_PAID_ON_DELIVERY = {"コンビニ後払い", "代金引換"}


@dataclass
class Bought:
    """An order as the threads speak of it."""

    pk: int
    number: str
    item: str
    sku: str
    shop: Shop
    total: int
    placed: int
    prepared: int
    shipped: int
    delivered: int
    carrier: str
    tracking: str
    fate: str = ""  # cancelled or returned, else empty


class Purchases:
    def __init__(self, rng: Random, today: int) -> None:
        self._rng = rng
        self._today = today
        self._line = self._change = self._cart_line = self._cart = 0
        self.orders = Table(
            Order,
            "id account_id customer_id store_id number placed_at status "
            "total updated_at",
        )
        self.lines = Table(
            OrderLine,
            "id account_id order_id product_id position name quantity unit_price",
        )
        self.payments = Table(Payment, "id account_id order_id method status paid_at")
        self.shipments = Table(
            Shipment,
            "id account_id order_id carrier tracking_number shipped_at delivered_at",
        )
        self.changes = Table(OrderStatusChange, "id account_id order_id status at")
        self.carts = Table(Cart, "id account_id customer_id store_id updated_at")
        self.cart_lines = Table(
            CartLine,
            "id account_id cart_id product_id position sku name quantity unit_price",
        )
        self._order = 0

    @property
    def tables(self) -> list[Table]:
        return [
            self.orders,
            self.lines,
            self.payments,
            self.shipments,
            self.changes,
            self.carts,
            self.cart_lines,
        ]

    def history(self, person: Person) -> list[Bought]:
        """What the person has bought, oldest first: mostly nothing to three orders."""
        rng = self._rng
        draw = rng.random()
        count = 0 if draw < 0.3 else 1 if draw < 0.68 else 2 if draw < 0.9 else 3
        if draw > 0.985:
            count = 4 + int(rng.random() * 6)
        span = self._today - person.since - DAY
        moments = sorted(person.since + int(rng.random() * span) for _ in range(count))
        return [self.buy(person, moment) for moment in moments]

    def buy(self, person: Person, moment: int) -> Bought:
        """One order placed about then, at an hour people shop; some come to nothing."""
        rng, company = self._rng, person.company
        is_online = rng.random() < 0.66
        shop = company.ec if is_online else rng.choice(company.stores)
        hour = 8 + rng.random() * 15 if is_online else 10.5 + rng.random() * 9
        moment = min(japanese_midnight(moment) + int(hour * HOUR), self._today - HOUR)
        bought = self._timeline(shop, moment, company)
        first = company.items[int(rng.random() * len(company.items))]
        self._fill(bought, company, first)
        fate = rng.random()
        if is_online and fate < 0.06:
            bought.fate = "cancelled" if fate < 0.03 else "returned"
        self._write(person, bought, self._today)
        return bought

    def buy_now(
        self, person: Person, moment: int, first: Item, now: int, *, online: bool
    ) -> Bought:
        """The order that something open now is about, at that very moment."""
        company = person.company
        shop = company.ec if online else self._rng.choice(company.stores)
        bought = self._timeline(shop, moment, company)
        bought.delivered = bought.shipped + DAY - 2 * HOUR
        self._fill(bought, company, first)
        self._write(person, bought, now)
        return bought

    def _timeline(self, shop: Shop, placed: int, company: Company) -> Bought:
        self._order += 1
        rng, pk = self._rng, self._order
        shipped = placed + int((0.8 + rng.random() * 1.2) * DAY)
        delivered = japanese_midnight(shipped + DAY + int(rng.random() * DAY))
        return Bought(
            pk=pk,
            number=(
                f"{company.words['number_prefix']}-{1_000_000 + pk}"
                if shop is company.ec
                else f"{shop.code}{short_day(placed)}-{pk:04d}"
            ),
            item="",
            sku="",
            shop=shop,
            total=0,
            placed=placed,
            prepared=placed + int((1 + rng.random() * 5) * HOUR),
            shipped=shipped,
            delivered=max(delivered + int((9 + rng.random() * 11) * HOUR), shipped),
            carrier=_CARRIERS[pk % 4],
            tracking=f"{100_000_000_000 + pk * 7_919 % 899_999_999_999:012d}",
        )

    def _fill(self, bought: Bought, company: Company, first: Item) -> None:
        """The lines: `first`, often others, sometimes gift wrapping; and the delivery."""
        rng = self._rng
        draw = rng.random()
        items = [first]
        if draw > 0.5:
            items += rng.sample(company.items, 1 if draw < 0.82 else 2)
        if draw < 0.08:
            items.append(company.extras[int(draw * 101) % len(company.extras)])
        for position, item in enumerate(items, 1):
            quantity = 2 if item.price < 5000 and rng.random() < 0.25 else 1
            bought.total += item.price * quantity
            self._add_line(company, bought, position, item, quantity)
        bought.item, bought.sku = first.name, first.sku
        if bought.shop is company.ec and bought.total < company.words["free_shipping"]:
            shipping = company.words["shipping"]
            bought.total += shipping
            self._line += 1
            self.lines.rows.append(
                f"{self._line}\t{company.pk}\t{bought.pk}\t{NULL}\t{len(items) + 1}\t"
                f"送料\t1\t{shipping}"
            )

    def _add_line(
        self, company: Company, bought: Bought, position: int, item: Item, quantity: int
    ) -> None:
        self._line += 1
        self.lines.rows.append(
            f"{self._line}\t{company.pk}\t{bought.pk}\t{item.pk}\t{position}\t"
            f"{item.name}\t{quantity}\t{item.price}"
        )

    def _write(self, person: Person, bought: Bought, now: int) -> None:
        account = person.company.pk
        is_online = bought.shop is person.company.ec
        steps = _steps(bought, is_online)
        done = [step for step in steps if step[1] <= now] or steps[:1]
        for status, at in done:
            self._change += 1
            self.changes.rows.append(
                f"{self._change}\t{account}\t{bought.pk}\t{status}\t{stamp(at)}"
            )
        status, last = done[-1]
        self.orders.rows.append(
            f"{bought.pk}\t{account}\t{person.pk}\t{bought.shop.pk}\t{bought.number}\t"
            f"{stamp(bought.placed)}\t{status}\t{bought.total}\t{stamp(last)}"
        )
        self._write_payment(person.company, bought, str(status), now)
        if is_online and bought.fate != "cancelled" and bought.shipped <= now:
            arrived = stamp(bought.delivered) if bought.delivered <= now else NULL
            self.shipments.rows.append(
                f"{bought.pk}\t{account}\t{bought.pk}\t{bought.carrier}\t"
                f"{bought.tracking}\t{stamp(bought.shipped)}\t{arrived}"
            )

    def _write_payment(
        self, company: Company, bought: Bought, status: str, now: int
    ) -> None:
        is_online = bought.shop is company.ec
        methods = company.words["payments_ec" if is_online else "payments_store"]
        method = methods[bought.pk % len(methods)]
        state, paid = PaymentStatus.PAID, stamp(bought.placed)
        if status in (OrderStatus.CANCELLED, OrderStatus.RETURNED):
            state = PaymentStatus.REFUNDED
        elif is_online and method in _PAID_ON_DELIVERY:
            if bought.delivered > now:
                state, paid = PaymentStatus.UNPAID, NULL
            else:
                paid = stamp(bought.delivered)
        elif is_online and bought.shipped > now:
            state, paid = PaymentStatus.AUTHORISED, NULL
        self.payments.rows.append(
            f"{bought.pk}\t{company.pk}\t{bought.pk}\t{method}\t{state}\t{paid}"
        )

    def fill_cart(self, person: Person, updated: int) -> None:
        """What the person has in the online shop's basket now."""
        company = person.company
        self._cart += 1
        self.carts.rows.append(
            f"{self._cart}\t{company.pk}\t{person.pk}\t{company.ec.pk}\t{stamp(updated)}"
        )
        items = self._rng.sample(company.items, 1 + int(self._rng.random() * 3))
        for position, item in enumerate(items, 1):
            self._cart_line += 1
            self.cart_lines.rows.append(
                f"{self._cart_line}\t{company.pk}\t{self._cart}\t{item.pk}\t{position}\t"
                f"{item.sku}\t{item.name}\t1\t{item.price}"
            )


def _steps(bought: Bought, is_online: bool) -> list[tuple[str, int]]:
    """The order's statuses with their times, those still to come included."""
    if not is_online:
        return [(OrderStatus.COMPLETED.value, bought.placed)]
    placed = (OrderStatus.PLACED.value, bought.placed)
    if bought.fate == "cancelled":
        return [placed, (OrderStatus.CANCELLED.value, bought.placed + 2 * HOUR)]
    last = OrderStatus.RETURNED if bought.fate == "returned" else OrderStatus.COMPLETED
    days = 9 if bought.fate == "returned" else 14
    return [
        placed,
        (OrderStatus.PREPARING.value, bought.prepared),
        (OrderStatus.SHIPPED.value, bought.shipped),
        (OrderStatus.DELIVERED.value, bought.delivered),
        (last.value, bought.delivered + days * DAY),
    ]
