"""A customer of a channel signs in to the shop, and so tells who they are there."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conversations.adapters.events import AccountLink
from conversations.choices import ThreadEvent
from conversations.connections.reach import reach_of
from conversations.inbound.identify import identity_of
from conversations.inbound.join import is_joined, is_parted, join_customer
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.models import AccountLinkNonce, Conversation, Inbox, Reach
from customers.choices import IdentityKind
from customers.exceptions import IdentityTakenError, InvalidIdentityError
from customers.models import Customer, Identity
from customers.people.actions.identify import add_identity

# The customer goes from the shop to the provider at once.
NONCE_LIFE = timedelta(minutes=15)


@transaction.atomic
def store_nonce(inbox: Inbox, *, nonce: str, shop_id: str) -> bool:
    """The shop has signed `shop_id` in; False where the nonce was told before."""
    _row, is_new = AccountLinkNonce.objects.get_or_create(
        inbox=inbox, nonce_hash=_hash(nonce), defaults={"shop_id": shop_id}
    )
    return is_new


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def apply_account_link(
    inbox: Inbox, event: AccountLink, *, received_at: datetime
) -> Reach:
    """Bind the channel's customer to the shop's, who may be known here already."""
    identity = identity_of(inbox, event.person)
    conversation = conversation_of(identity.customer)
    identity.refresh_from_db(fields=["customer"])
    if identity.customer_id != conversation.customer_id:  # joined at this moment
        conversation = conversation_of(identity.customer)
    at = min(event.occurred_at or received_at, timezone.now())
    shop_id = (
        _consume_nonce(inbox, event, received_at=received_at) if event.is_ok else ""
    )
    if shop_id is not None:
        _bind(identity, conversation, shop_id, at=at)
    return reach_of(inbox, identity)


def _consume_nonce(
    inbox: Inbox, event: AccountLink, *, received_at: datetime
) -> str | None:
    """Who the shop says it was; empty where it says nothing, None where that is done."""
    rows = AccountLinkNonce.objects.select_for_update(no_key=True)
    nonce = rows.filter(inbox=inbox, nonce_hash=_hash(event.nonce)).first()
    if nonce is None or received_at - nonce.created_at > NONCE_LIFE:
        return ""
    if nonce.used_at is not None:
        return None
    nonce.used_at = timezone.now()
    nonce.save(update_fields=["used_at"])
    return nonce.shop_id


def _bind(
    identity: Identity, conversation: Conversation, shop_id: str, *, at: datetime
) -> None:
    customer = conversation.customer
    if not shop_id:
        _add_line_once(conversation, ThreadEvent.LINK_FAILED, {}, at=at)
        return
    other = _other_shop_id(customer, shop_id)
    if other:
        after = {"reason": "other_shop_id", "value": shop_id, "other": other}
        _add_line_once(conversation, ThreadEvent.TO_CHECK, after, at=at)
        return
    try:
        with transaction.atomic():
            add_identity(
                customer,
                IdentityKind.SHOP,
                shop_id,
                actor=None,
                source=identity.source,
                verified=True,
            )
    except IdentityTakenError as taken:
        _go_over(identity, conversation, taken.customer, shop_id, at=at)
        return
    except InvalidIdentityError:
        _add_line_once(conversation, ThreadEvent.LINK_FAILED, {}, at=at)
        return
    _add_line_once(conversation, ThreadEvent.LINKED, {"value": shop_id}, at=at)
    events.customer_changed(customer)


def _go_over(
    identity: Identity,
    conversation: Conversation,
    known: Customer,
    shop_id: str,
    *,
    at: datetime,
) -> None:
    """To the customer with that number, but for one of a test, or one told apart.

    Who went over before has been two people by now: a third is for somebody to judge.
    """
    is_parted_before = is_parted(identity, known)
    is_settled = is_parted_before or is_joined(identity)
    if not is_settled and known.is_test == conversation.customer.is_test:
        join_customer(identity, known, shop_id=shop_id, at=at)
        return
    reason = "told_apart" if is_parted_before else "shop_id_taken"
    about: dict[str, object] = {"reason": reason, "value": shop_id}
    there = Conversation.objects.filter(customer=known).first()
    if there is not None:
        about["conversation"] = there.pk
    _add_line_once(conversation, ThreadEvent.TO_CHECK, about, at=at)


def _other_shop_id(customer: Customer, shop_id: str) -> str:
    """The shop number the customer has, where it is another."""
    theirs = customer.identities.filter(kind=IdentityKind.SHOP, scope="")
    values = list(theirs.values_list("value", flat=True))
    return "" if not values or shop_id in values else values[0]


def _add_line_once(
    conversation: Conversation, event: str, after: Mapping[str, object], *, at: datetime
) -> None:
    known = conversation.messages.filter(event=event, occurred_at=at)
    if not known.exists():
        add_line(conversation, None, event, actor=None, after=after, at=at)
