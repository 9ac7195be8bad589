"""Telling open screens that a customer reads differently now."""

from agentdesk.accounts.access import Access
from agentdesk.live.publish import publish
from customers.models import Customer


def customer_changed(customer: Customer) -> None:
    """Heard by the screens that show this customer, and by the lists of the account."""
    publish(f"customer:{customer.pk}", "customer_changed", customer=customer.pk)
    publish(f"account:{customer.account_id}", "customer_changed", customer=customer.pk)


def may_watch(access: Access, ids: set[int]) -> set[int]:
    """Those of the customers that the member may see."""
    rows = Customer.objects.visible_to(access).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))
