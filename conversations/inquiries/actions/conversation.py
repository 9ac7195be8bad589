"""The customer's one conversation: found or begun, and locked while something is added to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from conversations.models import (
    Conversation,
)
from customers.models import Customer


@transaction.atomic(savepoint=False)
def conversation_of(customer: Customer) -> Conversation:
    """The customer's one conversation, locked until this transaction ends."""
    rows = Conversation.objects.select_for_update(no_key=True).filter(customer=customer)
    conversation = next(iter(rows), None)
    if conversation is None:
        Conversation.objects.bulk_create(
            [Conversation(account_id=customer.account_id, customer=customer)],
            ignore_conflicts=True,
        )
        conversation = rows.get()
    conversation.customer = customer
    return conversation


@transaction.atomic(savepoint=False)
def conversations_of(customers: Iterable[Customer]) -> dict[int, Conversation]:
    """The same of several customers, by their keys; locked in one order, for all do."""
    wanted = {customer.pk: customer for customer in customers}
    rows = Conversation.objects.select_for_update(no_key=True).order_by("pk")
    found = {row.customer_id: row for row in rows.filter(customer__in=list(wanted))}
    for pk, customer in sorted(wanted.items()):
        if pk not in found:
            found[pk] = conversation_of(customer)
        found[pk].customer = customer
    return found


def lock(conversation: Conversation) -> Conversation:
    """The conversation's row, held until the transaction ends: writers take turns."""
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("account", "customer").get(pk=conversation.pk)
