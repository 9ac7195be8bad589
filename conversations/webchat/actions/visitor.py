"""Visitors of a web chat: who they are to us, where they are, what they have said."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations.choices import InboxState
from conversations.exceptions import SignedOutError
from conversations.inquiries.actions.conversation import conversation_of
from conversations.live import events
from conversations.models import Conversation, Inbox, Visitor
from customers.choices import IdentityKind
from customers.models import Customer
from customers.orders.actions import CartItem, set_cart
from customers.people.actions.claim import record_claim
from customers.people.actions.identify import add_or_claim, identify, identify_address
from customers.people.actions.name_customer import name_unnamed

SEEN_EVERY = timedelta(seconds=15)
SHOP_SOURCE = "shop"
_SOURCE = "webchat"


@transaction.atomic(savepoint=False)
def visitor_of(inbox: Inbox, key: UUID, *, language: str = "ja") -> Visitor:
    """The visitor's row, made if there is none, locked until the transaction ends.

    Raises SignedOutError.
    """
    rows = Visitor.objects.select_for_update(of=("self",), no_key=True).select_related(
        "customer"
    )
    rows = rows.filter(inbox=inbox, key=key)
    visitor = next(iter(rows), None)
    if visitor is None:
        new = Visitor(
            account_id=inbox.account_id, inbox=inbox, key=key, language=language
        )
        Visitor.objects.bulk_create([new], ignore_conflicts=True)
        visitor = rows.get()
    if visitor.signed_out_at is not None:
        raise SignedOutError
    visitor.inbox, visitor.account = inbox, inbox.account
    return visitor


@transaction.atomic(savepoint=False)
def customer_of(visitor: Visitor) -> Customer:
    """The visitor's customer: the one the shop has vouched for, or one of their own."""
    if visitor.customer is not None:
        return visitor.customer
    shop_id = visitor.claims.get("sub")
    if visitor.inbox.state == InboxState.TEST:
        customer = _tester(visitor)
    elif shop_id:
        customer = identify(
            visitor.account,
            IdentityKind.SHOP,
            shop_id,
            source=SHOP_SOURCE,
            verified=True,
        )
    else:
        customer = identify(
            visitor.account,
            IdentityKind.WEB,
            visitor.key.hex,
            scope=visitor.inbox.key,
            source=_SOURCE,
        )
    visitor.customer = customer
    visitor.save(update_fields=["customer"])
    apply_to_customer(visitor, customer)
    return customer


def _tester(visitor: Visitor) -> Customer:
    """Of the sandbox alone, as those are who write while another channel is tested."""
    address = (IdentityKind.WEB, visitor.key.hex, f"test:{visitor.inbox.key}")
    found = identify_address(visitor.account, address, source=_SOURCE, is_test=True)
    return found.customer


def apply_to_customer(visitor: Visitor, customer: Customer) -> None:
    """Bring what the shop has signed, then what the visitor has stated, to the customer.

    Only what is signed becomes an identity. What is stated owns nothing, nor does a
    signed address that belongs to somebody else: both are claims.
    """
    for words in (visitor.claims, visitor.stated):
        name_unnamed(customer, name=words.get("name", ""), kana=words.get("kana", ""))
    for kind in (IdentityKind.EMAIL, IdentityKind.PHONE):
        signed, stated = visitor.claims.get(kind), visitor.stated.get(kind)
        if signed and not customer.is_test:
            add_or_claim(customer, kind, signed, source=SHOP_SOURCE)
        if stated:
            record_claim(customer, kind, stated, source=_SOURCE)
    if "cart" in visitor.claims:
        items = [CartItem(**line) for line in visitor.claims["cart"]]
        if set_cart(customer, items):
            events.customer_changed(customer)


@transaction.atomic
def state_about(
    inbox: Inbox, key: UUID, *, stated: dict[str, str], language: str
) -> Visitor:
    """Keep what the visitor says of themselves. Empty words leave what was said."""
    visitor = visitor_of(inbox, key, language=language)
    visitor.stated = visitor.stated | {k: v for k, v in stated.items() if v}
    visitor.save(update_fields=["stated"])
    if visitor.customer is not None:
        apply_to_customer(visitor, visitor.customer)
        events.customer_changed(visitor.customer)
    events.visitor_changed(visitor)
    return visitor


def see_page(inbox: Inbox, key: UUID, *, url: str, title: str) -> bool:
    """Note where a known visitor is: at most one write in fifteen seconds.

    False where it is not noted: nobody known, or too soon after something else.
    """
    now = timezone.now()
    rows = Visitor.objects.filter(inbox=inbox, key=key, signed_out_at__isnull=True)
    is_news = Q(last_seen_at__lt=now - SEEN_EVERY) | Q(page_url="")
    written = rows.filter(is_news).update(
        page_url=url, page_title=title, last_seen_at=now
    )
    if not written:
        return rows.filter(page_url=url).exists()
    visitor = rows.select_related("customer__conversation").get()
    events.visitor_changed(visitor)
    return True


def conversation_of_visitor(visitor: Visitor) -> Conversation:
    """For a caller with a pick-up code: their conversation, begun if need be."""
    return conversation_of(customer_of(visitor))
