"""The code of a mail or text message that confirms an address, put in as it leaves."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from conversations.contents.stated_address import ConfirmationCode
from conversations.models import ClaimCode, Conversation, Message
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.reply_options import reply_options
from customers.models import Claim

# Stands in all that is stored; as long as the code, and of letters every text message has.
PLACEHOLDER = "######"


def digits_for(message: Message) -> str:
    """What stands in place of PLACEHOLDER in what leaves; empty for all other messages."""
    number = ConfirmationCode.of(message).claim_code
    code = ClaimCode.objects.filter(pk=number).first() if number else None
    return code.digits if code else ""


def filled_in(value: Any, digits: str) -> Any:
    """A request's JSON with the code in it."""
    if not digits:
        return value
    if isinstance(value, str):
        return value.replace(PLACEHOLDER, digits)
    if isinstance(value, dict):
        return {name: filled_in(one, digits) for name, one in value.items()}
    if isinstance(value, list):
        return [filled_in(one, digits) for one in value]
    return value


@dataclass(frozen=True)
class CodeForm:
    """`options`: by which inboxes a code can go there; `pending`: one that was sent."""

    options: list[ReplyOption]
    pending: ClaimCode | None


def code_form(claim: Claim) -> CodeForm:
    conversation = Conversation.objects.filter(customer=claim.customer_id).first()
    offered = reply_options(conversation).open if conversation else []
    pending = ClaimCode.objects.filter(
        claim=claim, spent_at__isnull=True, expires_at__gt=timezone.now()
    ).first()
    return CodeForm([one for one in offered if one.claim == claim], pending)
