from django.db import transaction

from agentdesk.audit import log
from customers.models import Customer
from customers.people.text import search_key, stored_text


@transaction.atomic(savepoint=False)
def name_unnamed(customer: Customer, *, name: str, kana: str = "") -> bool:
    """Give a customer without a name the one they, or their shop, have told.

    "山田 太郎" is family name first; one word is a family name. A known name stays.
    """
    family, given = _halves(name)
    if not family:
        return False
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).get(
        pk=customer.pk
    )
    if customer.is_named:
        return False
    customer.family_name, customer.given_name = family, given
    customer.family_kana, customer.given_kana = _halves(kana)
    customer.name_key = search_key(family + given)
    customer.kana_key = search_key(customer.family_kana + customer.given_kana)
    fields = ["family_name", "given_name", "family_kana", "given_kana"]
    customer.save(update_fields=[*fields, "name_key", "kana_key", "updated_at"])
    log.record("customer.named", customer, actor=None, after={"name": customer.name})
    return True


def show_name(customer: Customer, display_name: str) -> bool:
    """Store what a customer calls themselves; shown and found while no name is known.

    The first one stays: a family shares a mailbox, and a shop's form writes for many, so
    every message shows its own sender. Not audited: it comes again with every message.
    """
    shown = " ".join(stored_text(display_name).split())[:100]
    if not shown or customer.display_name:
        return False
    customer.display_name = shown
    fields = ["display_name"]
    if not customer.is_named:
        customer.name_key = search_key(shown)[:130]
        fields.append("name_key")
    customer.save(update_fields=fields)
    return True


def _halves(name: str) -> tuple[str, str]:
    family, _space, given = " ".join(stored_text(name).split()).partition(" ")
    return family[:60], given[:60]
