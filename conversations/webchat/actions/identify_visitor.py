"""A shop has signed who its visitor is."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from conversations.adapters.webchat.identity import ShopIdentity
from conversations.choices import ThreadEvent
from conversations.inbound.join import join_threads
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import Conversation, Inbox, Visitor
from conversations.webchat.actions.visitor import (
    SHOP_SOURCE,
    apply_to_customer,
    conversation_of_visitor,
    visitor_of,
)
from customers.choices import IdentityKind
from customers.exceptions import IdentityTakenError
from customers.models import Customer
from customers.people.actions.identify import add_identity, find_customer


def current_key(
    inbox: Inbox, key: UUID | None, identity: ShopIdentity | None
) -> UUID | None:
    """The visitor to go on as: a new one (None) where the shop no longer vouches.

    Whoever signs out of the shop, or in as another, must not read on in the chat of
    the person before; nor must anybody else who has kept that person's token.
    """
    if key is None:
        return None
    visitor = Visitor.objects.filter(inbox=inbox, key=key).first()
    if visitor is None:
        return key
    if visitor.signed_out_at is not None:
        return None
    vouched_before = visitor.claims.get("sub", "")
    if not vouched_before or (identity and identity.sub == vouched_before):
        return key
    sign_out_visitor(visitor)
    return None


@transaction.atomic
def sign_out_visitor(visitor: Visitor) -> None:
    """From now on no token of this visitor opens anything: the thread is the shop's."""
    now = timezone.now()
    signed_in = Visitor.objects.filter(pk=visitor.pk, signed_out_at__isnull=True)
    if signed_in.update(signed_out_at=now):
        visitor.pickup_codes.filter(spent_at__isnull=True).update(spent_at=now)
        events.visitor_signed_out(visitor)


@transaction.atomic
def identify_visitor(
    inbox: Inbox, key: UUID | None, identity: ShopIdentity, *, language: str
) -> Visitor:
    """Bind a visitor to the customer with the shop's id; no row of a thread moves."""
    visitor = visitor_of(inbox, key or uuid4(), language=language)
    claims = identity.claims()
    if visitor.claims == claims:
        return visitor
    is_new = not visitor.claims
    visitor.claims = claims
    visitor.save(update_fields=["claims"])
    if is_new:
        _bind(visitor, identity.sub)
    if visitor.customer is not None:
        apply_to_customer(visitor, visitor.customer)
        events.customer_changed(visitor.customer)
    events.visitor_changed(visitor)
    return visitor


def _bind(visitor: Visitor, shop_id: str) -> None:
    """Bring the visitor to the shop's customer, from a customer of their own if any."""
    known = find_customer(visitor.account, IdentityKind.SHOP, shop_id)
    own = visitor.customer
    if own is None:
        visitor.customer = known
        visitor.save(update_fields=["customer"])
    elif known is None and not _has_shop_id(own):
        try:
            add_identity(
                own,
                IdentityKind.SHOP,
                shop_id,
                actor=None,
                source=SHOP_SOURCE,
                verified=True,
            )
        except IdentityTakenError as taken:  # by another browser, at this moment
            _go_over(visitor, conversation_of(own), taken.customer, shop_id)
            return
        add_line(
            conversation_of(own),
            None,
            ThreadEvent.IDENTIFIED,
            actor=None,
            after={"shop_id": shop_id},
        )
    elif known is None or known.pk != own.pk:
        _go_over(visitor, conversation_of(own), known, shop_id)


def _go_over(
    visitor: Visitor, earlier: Conversation, known: Customer | None, shop_id: str
) -> None:
    """From now on the visitor writes in the shop customer's conversation."""
    visitor.earlier, visitor.customer = earlier, known
    visitor.save(update_fields=["earlier", "customer"])
    join_threads(earlier, conversation_of_visitor(visitor), shop_id=shop_id)


def _has_shop_id(customer: Customer) -> bool:
    return customer.identities.filter(kind=IdentityKind.SHOP, scope="").exists()
