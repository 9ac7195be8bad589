"""要確認: two threads that may be one person's name each other, for members alone."""

from typing import Any

from conversations.choices import ThreadEvent
from conversations.contents.system_line import Lead
from conversations.inbound.pass_on_number import SOURCE as PASSED_ON
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.record import add_line
from conversations.live import events
from conversations.messages.change import remove_field
from conversations.models import Conversation, Message
from customers.choices import ClaimState, IdentityKind
from customers.models import Claim, Customer, Identity
from customers.people.actions.address import find_identity
from customers.people.actions.dispute import MOST_DISPUTED
from customers.people.text import display_phone

# By the side that reads it: the one who states it, and the one who has it.
_STATED = ("states_other", "stated_by_other")
_PASSED_ON = ("number_passed_on", "number_taken_over")


def show_dispute(claim: Claim, identity: Identity, **_signal: Any) -> None:
    """A line in both threads, each with a way to the other; once for the two of them.

    A thread shows a few at a time: the next when one is decided. The panel counts all.
    """
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
        if _has_room(here, after):
            add_line(here, None, ThreadEvent.TO_CHECK, actor=None, after=after)
        _show_anew(here)


def _has_room(conversation: Conversation, after: dict[str, Any]) -> bool:
    """Whether the thread has not got that line, nor too many that wait for a decision."""
    lines = Message.objects.to_check().filter(conversation=conversation)
    return (
        lines.undecided().count() < MOST_DISPUTED and not lines.saying(after).exists()
    )


def _show_anew(conversation: Conversation) -> None:
    """The panel, and the mark in the list."""
    events.customer_changed(conversation.customer)
    for inquiry in conversation.inquiries.open():
        events.list_changed(inquiry)


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
    threads = Conversation.objects.filter(pk__in=_threads_of(claim))
    lines = Message.objects.to_check().filter(conversation__in=threads)
    lines = lines.about_claim(claim.pk)
    shown = list(lines.select_related("conversation"))
    remove_field(lines, Lead.NAME, "claim")
    for line in shown:
        events.message_changed(line)
    for thread in threads.select_related("customer"):
        _show_anew(thread)


def _threads_of(claim: Claim) -> list[int]:
    """The claimant's, that of whoever has the address, and those that its lines name."""
    own = Message.objects.to_check().filter(conversation__customer=claim.customer_id)
    named: list[int] = []
    for line in own.about_claim(claim.pk).only("conversation_id", "data"):
        lead = Lead.of(line) or Lead()
        named += [one for one in (line.conversation_id, lead.conversation) if one]
    held = find_identity(claim.account, claim.kind, claim.value)
    both = [claim.customer_id, *([held.customer_id] if held else [])]
    rows = Conversation.objects.filter(customer__in=both)
    return [*named, *rows.values_list("pk", flat=True)]
