"""What an inbox says by itself: a greeting, and that nobody is there."""

from datetime import timedelta

from django.utils import timezone

from agentdesk.audit import log
from conversations.adapters.events import InboundMessage
from conversations.adapters.registry import ADAPTERS
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.live import events
from conversations.models import Inbox, InboxConnection, Message
from conversations.selectors.opening import inbox_schedule

GREETING = "greeting"
AWAY = "away"
# What waited longer, in a stopped inbox or at its provider, is not greeted any more.
_FRESH = timedelta(minutes=15)
# Nobody is told that we are away while somebody is answering them.
_ANSWERED = timedelta(hours=1)


def reply_automatically(
    inbox: Inbox, message: Message, told: InboundMessage
) -> Message | None:
    """Greet or tell the hours, each at most once an inquiry; never to automatic mail.

    The reply is left to the usual delivery. Called inside the receiving transaction.
    """
    connection: InboxConnection | None = getattr(inbox, "connection", None)
    if connection is None or not (connection.greeting or connection.away):
        return None
    if told.data.get("automatic") or not ADAPTERS[inbox.channel].capabilities.can_reply:
        return None
    if timezone.now() - message.occurred_at > _FRESH:
        return None
    occasion = _occasion(inbox, connection, message)
    if not occasion:
        return None
    body = connection.away if occasion == AWAY else connection.greeting
    return _write(inbox, message, body, occasion)


def _occasion(inbox: Inbox, connection: InboxConnection, message: Message) -> str:
    said = Message.objects.filter(
        inquiry=message.inquiry_id, kind=MessageKind.TEXT
    ).exclude(pk=message.pk)
    now = timezone.now()
    if connection.away and not inbox_schedule(inbox).is_open(now):
        is_answered = said.filter(
            author__isnull=False, occurred_at__gt=now - _ANSWERED
        ).exists()
        is_told = is_answered or said.filter(data__occasion=AWAY).exists()
        return "" if is_told else AWAY
    return GREETING if connection.greeting and not said.exists() else ""


def _write(inbox: Inbox, heard: Message, body: str, occasion: str) -> Message:
    message = Message.objects.create(
        account_id=heard.account_id,
        conversation=heard.conversation,
        inquiry=heard.inquiry,
        inbox=inbox,
        identity=heard.identity,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        body=body,
        data={"automatic": True, "occasion": occasion},
        state=DeliveryState.QUEUED,
    )
    after = {"inbox": inbox.name, "automatic": True}
    log.record("message.sent", message, actor=None, after=after)
    events.message_added(message)
    return message
