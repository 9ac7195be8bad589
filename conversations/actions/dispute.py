"""要確認: two threads that may be one person's name each other, for members alone."""

from typing import Any

from conversations.actions.pass_on_number import SOURCE as PASSED_ON
from conversations.actions.receive import conversation_of
from conversations.actions.record import add_line
from conversations.choices import ThreadEvent
from conversations.live import events
from conversations.models import Conversation, Message
from customers.choices import ClaimState, IdentityKind
from customers.models import Claim, Customer, Identity
from customers.text import display_phone

# By the side that reads it: the one who states it, and the one who has it.
_STATED = ("states_other", "stated_by_other")
_PASSED_ON = ("number_passed_on", "number_taken_over")


def show_dispute(claim: Claim, identity: Identity, **_signal: Any) -> None:
    """A line in both threads, each with a way to the other; once for the two of them."""
    claimant, holder = _thread(claim.customer), _thread(identity.customer)
    reasons = _PASSED_ON if claim.source == PASSED_ON else _STATED
    sides = ((claimant, holder), (holder, claimant))
    for (here, there), reason in zip(sides, reasons, strict=True):
        after = {
            "reason": reason,
            "value": _readable(claim),
            "conversation": there.pk,
            "claim": claim.pk,
        }
        known = here.messages.filter(event=ThreadEvent.TO_CHECK, data__after=after)
        if not known.exists():
            add_line(here, None, ThreadEvent.TO_CHECK, actor=None, after=after)
        events.customer_changed(here.customer)


def show_right_code(claim: Claim, holder: Customer) -> None:
    """The code came back from the claimant, and yet another customer has the address."""
    after = {
        "reason": "code_right",
        "value": _readable(claim),
        "conversation": _thread(holder).pk,
        "claim": claim.pk,
    }
    add_line(
        _thread(claim.customer), None, ThreadEvent.TO_CHECK, actor=None, after=after
    )


def _readable(claim: Claim) -> str:
    if claim.kind != IdentityKind.PHONE:
        return claim.value
    return display_phone(claim.value, claim.account.phone_region)


def _thread(customer: Customer) -> Conversation:
    """Not locked where it is there: a line is added beside whatever goes on in it."""
    rows = Conversation.objects.select_related("account", "customer")
    return rows.filter(customer=customer).first() or conversation_of(customer)


def settle_dispute(claim: Claim, **_signal: Any) -> None:
    """It was decided: its lines offer nothing to decide any more."""
    conversation = Conversation.objects.filter(customer=claim.customer_id).first()
    if conversation is not None and claim.state != ClaimState.REFUTED:
        add_line(
            conversation,
            None,
            ThreadEvent.CLAIM_PROVED,
            actor=None,
            after={"value": _readable(claim)},
        )
    lines = Message.objects.filter(
        account_id=claim.account_id,
        event=ThreadEvent.TO_CHECK,
        conversation__in=_threads_of(claim),
        data__after__claim=claim.pk,
    )
    for line in lines.select_related("conversation"):
        after = {k: v for k, v in line.data["after"].items() if k != "claim"}
        line.data = {**line.data, "after": after}
        line.save(update_fields=["data"])
        events.message_changed(line)


def _threads_of(claim: Claim) -> list[int]:
    """The claimant's, and those that its lines name."""
    own = Message.objects.filter(
        conversation__customer=claim.customer_id,
        event=ThreadEvent.TO_CHECK,
        data__after__claim=claim.pk,
    )
    pairs = own.values_list("conversation_id", "data__after__conversation")
    return [pk for pair in pairs for pk in pair if pk]
