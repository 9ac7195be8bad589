"""What the variables of a template stand for: in one conversation, or as an example."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override, pgettext

from agentdesk.accounts.models import ClientAccount, User
from agentdesk.accounts.names import person_name
from agentdesk.accounts.phone import national
from agentdesk.web.templatetags.desk import money
from conversations.inquiries.selectors.current import current_or_last
from conversations.models import Conversation
from customers.choices import OrderStatus
from customers.models import Customer, Order
from customers.orders.carriers import tracking_url

ORDERS = 6  # offered to choose from
_NOON, _EVENING = 11, 18  # hours


def recent_orders(customer: Customer) -> list[Order]:
    """The newest first."""
    rows = Order.objects.filter(customer=customer).select_related("shipment")
    return list(rows.order_by("-placed_at", "-pk")[:ORDERS])


def template_values(
    conversation: Conversation, *, author: User, order: Order | None
) -> dict[str, str]:
    """In the language and time zone of the account, whatever those of the author are."""
    account, inquiry = conversation.account, current_or_last(conversation)
    with override(account.locale):
        return {
            **_of_customer(conversation.customer),
            **(_of_order(order, account) if order else {}),
            **_of_house(account, author),
            "inquiry.reference": inquiry.reference if inquiry else "",
        }


def example_values(account: ClientAccount, author: User) -> dict[str, str]:
    """Of a customer and an order that do not exist."""
    customer = Customer(
        family_name="山田", given_name="花子", family_kana="ヤマダ", given_kana="ハナコ"
    )
    if account.locale == "en":
        customer = Customer(family_name="Miller", given_name="Hannah")
    with override(account.locale):
        return {
            **_of_customer(customer),
            **_of_house(account, author),
            "order.number": "A-100234",
            "order.status": str(OrderStatus.SHIPPED.label),
            "order.placed_on": _day(_now(account).date()),
            "order.total": money(12_800),
            "order.carrier": "ヤマト運輸" if account.locale == "ja" else "Yamato",
            "order.tracking": "1234-5678-9012",
            "order.tracking_url": tracking_url("ヤマト運輸", "1234-5678-9012"),
            "inquiry.reference": "Q-00123",
        }


def _of_customer(customer: Customer) -> dict[str, str]:
    if not customer.is_named and not customer.display_name:
        nobody = pgettext("letter", "customer")
        return {"customer.name": nobody, "customer.family_name": nobody}
    family = customer.family_name or customer.given_name or customer.display_name
    return {
        "customer.name": customer.name_with_honorific,
        "customer.family_name": Customer(family_name=family).name_with_honorific,
        "customer.kana": customer.kana,
    }


def _of_order(order: Order, account: ClientAccount) -> dict[str, str]:
    placed = order.placed_at.astimezone(ZoneInfo(account.time_zone))
    values = {
        "order.number": order.number,
        "order.status": str(OrderStatus(order.status).label),
        "order.placed_on": _day(placed.date()),
        "order.total": money(order.total),
    }
    shipment = getattr(order, "shipment", None)
    if shipment is None:
        return values
    return values | {
        "order.carrier": shipment.carrier,
        "order.tracking": shipment.tracking_number,
        "order.tracking_url": tracking_url(shipment.carrier, shipment.tracking_number),
    }


def _of_house(account: ClientAccount, author: User) -> dict[str, str]:
    now = _now(account)
    number = account.phone_number
    return {
        "agent.name": person_name(author.family_name, author.given_name),
        "agent.family_name": author.family_name,
        "account.name": account.name,
        "account.phone": national(number, account.phone_region) if number else "",
        "today": _day(now.date()),
        "greeting": _greeting(now.hour),
    }


def _greeting(hour: int) -> str:
    if hour < _NOON:
        return pgettext("letter", "Good morning")
    if hour < _EVENING:
        return pgettext("letter", "Good afternoon")
    return pgettext("letter", "Good evening")


def _now(account: ClientAccount) -> datetime:
    return timezone.now().astimezone(ZoneInfo(account.time_zone))


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))
