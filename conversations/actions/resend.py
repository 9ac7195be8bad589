"""What an agent decides about a reply that failed, or whose fate nobody knows."""

import uuid

from django.db import transaction
from django.utils import timezone

from agentdesk.accounts.models import Membership
from agentdesk.audit import log
from conversations.actions.receive import lock
from conversations.actions.receive_update import settle_message
from conversations.actions.sendable import refuse_closed
from conversations.choices import DeliveryState
from conversations.exceptions import NoReplyChannelError, NothingToResendError
from conversations.models import Message
from conversations.selectors.reply_option import chosen_option, option_value

_UNDECIDED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


@transaction.atomic
def resend(message: Message, *, member: Membership) -> Message:
    """Send what was not taken once more, as a new request.

    Raises NothingToResendError, and ClosedChannelError or NoReplyChannelError while
    the customer cannot be written to there.
    """
    message = _undecided(message)
    _refuse_unreachable(message)
    for delivery in message.deliveries.filter(state__in=_UNDECIDED):
        delivery.state, delivery.key = DeliveryState.QUEUED, uuid.uuid4()
        delivery.payload, delivery.attempts = {}, 0
        delivery.failure = delivery.failure_detail = ""
        delivery.next_attempt_at = delivery.settled_at = None
        delivery.save()
    log.record("message.resent", message, actor=member.user)
    return settle_message(message, at=timezone.now())


@transaction.atomic
def accept_as_sent(message: Message, *, member: Membership) -> Message:
    """The agent has seen at the provider that it arrived. Raises NothingToResendError."""
    message = _undecided(message)
    message.deliveries.filter(state__in=_UNDECIDED).update(
        state=DeliveryState.SENT, failure="", failure_detail=""
    )
    log.record("message.accepted", message, actor=member.user)
    return settle_message(message, at=timezone.now())


def _refuse_unreachable(message: Message) -> None:
    option = chosen_option(message.conversation, option_value(message))
    if option is None:
        raise NoReplyChannelError
    refuse_closed(option, has_template=bool(message.data.get("template")))


def _undecided(message: Message) -> Message:
    lock(message.conversation)
    message = Message.objects.select_related("conversation").get(pk=message.pk)
    if message.state not in _UNDECIDED:
        raise NothingToResendError
    return message
