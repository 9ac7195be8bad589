"""What the command palette finds: people, by anything the call box understands."""

from dataclasses import dataclass

from agentdesk.accounts.access import Access
from conversations.calls.selectors.caller import call_box_offer
from conversations.models import Conversation
from customers.people.selectors.find import Found


@dataclass(frozen=True)
class PaletteHit:
    found: Found
    conversation_id: int | None  # None: nothing was ever said


def palette_hits(access: Access, query: str) -> list[PaletteHit]:
    """In 5 queries, however many customers there are."""
    shown = set(access.shown_ids)
    accounts = [account for account in access.accounts if account.pk in shown]
    found = call_box_offer(accounts, query, access=access).found
    threads = dict(
        Conversation.objects.visible_to(access)
        .filter(customer__in=[one.customer for one in found])
        .values_list("customer_id", "pk")
    )
    return [PaletteHit(one, threads.get(one.customer.pk)) for one in found]
