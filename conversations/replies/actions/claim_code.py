"""Confirming a stated address with a code that is sent there and comes back elsewhere."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.adapters.letter import Letter
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.contents.email import ComposedMail
from conversations.contents.stated_address import ConfirmationCode
from conversations.exceptions import (
    ClaimDecidedError,
    NoReplyChannelError,
    TooManyCodesError,
)
from conversations.inquiries.actions.activity import note_activity
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.models import ClaimCode, Conversation, Inquiry, Message
from conversations.outbound.claim_code_form import PLACEHOLDER
from conversations.outbound.reply_option import ReplyOption
from conversations.outbound.reply_options import reply_options
from conversations.outbound.sendable import refuse_closed
from conversations.outbound.write_letter import store_letter, write_letter
from customers.choices import ClaimState
from customers.models import Claim
from customers.people.actions.decide_claim import lock_claim

LIFETIME = timedelta(minutes=10)
# To one address, whoever states it: nobody is flooded by strangers.
MOST_CODES, CODES_WINDOW = 3, timedelta(minutes=30)


@transaction.atomic
def send_code(claim: Claim, *, member: Membership, via: str = "") -> Message:
    """A new code to the stated address; the one before is good no more.

    `via` is the `ReplyOption.value` of the inbox. Raises ClaimDecidedError,
    TooManyCodesError, NoReplyChannelError, ClosedChannelError.
    """
    claim = lock_claim(claim)
    if claim.state != ClaimState.OPEN:
        raise ClaimDecidedError
    _refuse_too_many(claim)
    conversation = conversation_of(claim.customer)
    option = next(
        (
            one
            for one in reply_options(conversation).options
            if one.claim == claim and via in {"", one.value}
        ),
        None,
    )
    if option is None:
        raise NoReplyChannelError
    refuse_closed(option, has_template=False)
    now = timezone.now()
    ClaimCode.objects.filter(claim=claim, spent_at__isnull=True).update(spent_at=now)
    code = ClaimCode.objects.create(
        account_id=claim.account_id,
        claim=claim,
        member=member,
        expires_at=now + LIFETIME,
    )
    after = {"kind": claim.kind, "value": claim.value}
    log.record("claim.code_sent", claim.customer, actor=member.user, after=after)
    return _write(conversation, option, code, member)


def _refuse_too_many(claim: Claim) -> None:
    sent = ClaimCode.objects.filter(
        account_id=claim.account_id,
        claim__kind=claim.kind,
        claim__value=claim.value,
        created_at__gt=timezone.now() - CODES_WINDOW,
    )
    if sent.count() >= MOST_CODES:
        raise TooManyCodesError


def _write(
    conversation: Conversation,
    option: ReplyOption,
    code: ClaimCode,
    member: Membership,
) -> Message:
    inbox = option.inbox
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=timezone.now(),
        actor=member.user,
    )
    body, data, letter = _words(inquiry, option, code)
    message = Message.objects.create(
        account_id=conversation.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        author=member,
        body=body,
        data=data,
        client_id=uuid4(),
        state=DeliveryState.QUEUED,
    )
    if letter:
        store_letter(message, letter)
    note_activity(conversation, message)
    events.message_added(message)
    return message


def _words(
    inquiry: Inquiry, option: ReplyOption, code: ClaimCode
) -> tuple[str, dict[str, Any], Letter | None]:
    """The text, the data and, for a mail, all of it; the code itself is in none of them."""
    inbox = option.inbox
    with translation.override(inbox.account.locale):
        subject = _("Your confirmation code")
        text = _(
            "This is %(account)s. Your confirmation code is %(code)s. It is good for "
            "ten minutes: type it into the chat, or tell it to our agent on the phone. "
            "If you did not expect this, ignore it."
        )
    body = text % {"account": inbox.account.name, "code": PLACEHOLDER}
    data = {**ConfirmationCode(code.pk).as_data(), **option.recipient_data}
    if not option.capabilities.has_subject:
        return body, data, None
    composed = ComposedMail(subject=subject, is_quoting=False).as_data()
    letter = write_letter(
        inquiry, inbox=inbox, identity=None, body=body, data={**data, **composed}
    )
    return body, {**data, **letter.email.as_data()}, letter
