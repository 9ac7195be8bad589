"""What an agent decides about a reply that failed, or whose fate nobody knows."""

import uuid

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.choices import DeliveryState
from conversations.contents.sending import SentTemplate
from conversations.exceptions import NoReplyChannelError, NothingToResendError
from conversations.inquiries.actions.conversation import lock
from conversations.models import Message
from conversations.outbound.reply_option import option_value
from conversations.outbound.reply_options import chosen_option
from conversations.outbound.sendable import refuse_closed
from conversations.outbound.settle import Reply, locked_reply, settle

_UNDECIDED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


@transaction.atomic
def resend(message: Message, *, member: Membership) -> Message:
    """Send what was not taken once more, as a new request.

    Raises NothingToResendError, and ClosedChannelError or NoReplyChannelError while
    the customer cannot be written to there.
    """
    reply = _undecided(message)
    _refuse_unreachable(reply.message)
    for delivery in reply.deliveries:
        if delivery.state not in _UNDECIDED:
            continue
        # Its earlier ids stay until it is taken anew: should the first request have
        # arrived after all, its receipt says so, and it is not made again.
        delivery.state, delivery.key = DeliveryState.QUEUED, uuid.uuid4()
        delivery.payload, delivery.attempts = {}, 0
        delivery.failure = delivery.failure_detail = ""
        delivery.next_attempt_at = delivery.settled_at = None
        delivery.save()
    log.record("message.resent", reply.message, actor=member.user)
    return settle(reply, at=timezone.now())


@transaction.atomic
def accept_as_sent(message: Message, *, member: Membership) -> Message:
    """The agent has seen at the provider that it arrived. Raises NothingToResendError."""
    reply = _undecided(message)
    for delivery in reply.deliveries:
        if delivery.state in _UNDECIDED:
            delivery.state = DeliveryState.SENT
            delivery.failure = delivery.failure_detail = ""
            delivery.save(update_fields=["state", "failure", "failure_detail"])
    log.record("message.accepted", reply.message, actor=member.user)
    return settle(reply, at=timezone.now())


def _refuse_unreachable(message: Message) -> None:
    option = chosen_option(message.conversation, option_value(message))
    if option is None:
        raise NoReplyChannelError
    refuse_closed(option, has_template=SentTemplate.of(message) is not None)


def _undecided(message: Message) -> Reply:
    lock(message.conversation)
    reply = locked_reply(message.pk)
    if reply.message.state not in _UNDECIDED:
        raise NothingToResendError
    return reply
