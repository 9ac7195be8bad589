"""What one wants to know of somebody before one says hello."""

from collections.abc import Sequence
from dataclasses import dataclass

from agentdesk.accounts.access import Access
from conversations.models import Call, Inquiry
from customers.choices import OrderStatus
from customers.models import Order
from customers.orders.selectors import orders_on_the_way

_ORDERS_SHOWN = 2


@dataclass(frozen=True)
class RingFacts:
    """`inquiry` is the open one; the last contact stands on the conversation."""

    inquiry: Inquiry | None
    orders: Sequence[Order]
    more_orders: int


def facts_of(calls: Sequence[Call], access: Access) -> dict[int, RingFacts]:
    """By call, of those whose customer is known. Two queries, none where nothing rings."""
    threads = {call.pk: call.conversation for call in calls if call.conversation}
    if not threads:
        return {}
    customers = {one.customer_id for one in threads.values()}
    orders = orders_on_the_way(sorted(customers))
    rows = Inquiry.objects.visible_to(access).open()
    rows = rows.filter(conversation__in=[one.pk for one in threads.values()])
    inquiries = {one.conversation_id: one for one in rows.select_related("reason")}
    return {
        pk: _facts(inquiries.get(one.pk), orders.get(one.customer_id, []))
        for pk, one in threads.items()
    }


def _facts(inquiry: Inquiry | None, orders: list[Order]) -> RingFacts:
    orders = sorted(orders, key=lambda one: one.status != OrderStatus.SHIPPED)
    shown = orders[:_ORDERS_SHOWN]
    return RingFacts(inquiry, shown, len(orders) - len(shown))
