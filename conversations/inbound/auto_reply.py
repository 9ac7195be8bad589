"""What an inbox says by itself: a greeting, and that nobody is there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agentdesk.audit import log
from conversations.adapters.events import InboundMessage
from conversations.adapters.letter import Letter
from conversations.adapters.registry import ADAPTERS
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.contents.circumstances import Automatic, Origin
from conversations.contents.email import ComposedMail
from conversations.inbound.shapes import Result
from conversations.live import events
from conversations.models import Inbox, InboxConnection, Message
from conversations.outbound.write_letter import store_letter, write_letter
from conversations.routing.opening import inbox_schedule

GREETING = "greeting"
AWAY = "away"
# What waited longer, in a stopped inbox or at its provider, is not greeted any more.
_FRESH = timedelta(minutes=15)
# Nobody is told that we are away while somebody is answering them.
_ANSWERED = timedelta(hours=1)
# Two robots that answer each other soon fall silent.
_MOST, _PERIOD = 3, timedelta(hours=24)


def reply_automatically(inbox: Inbox, new: Sequence[Result]) -> None:
    """The step that answers what may be answered by nobody."""
    for one in new:
        if one.draft.event is not None:
            one.reply = _reply(inbox, one.message, one.draft.event)


def _reply(inbox: Inbox, message: Message, event: InboundMessage) -> Message | None:
    """Greet or tell the hours, each at most once an inquiry; never to automatic mail.

    Nor where another system answers (`standby`). The reply is left to the usual
    delivery. Called inside the receiving transaction.
    """
    connection: InboxConnection | None = getattr(inbox, "connection", None)
    if connection is None or not (connection.greeting or connection.away):
        return None
    is_automatic = Automatic.from_json(event.data).automatic
    if is_automatic or Origin.from_json(event.data).standby:
        return None
    if not ADAPTERS[inbox.channel].capabilities.can_reply:
        return None
    if timezone.now() - message.occurred_at > _FRESH or _has_replied_enough(message):
        return None
    occasion = _occasion(inbox, connection, message)
    if not occasion:
        return None
    body = connection.away if occasion == AWAY else connection.greeting
    return _write(inbox, message, body, occasion)


def _has_replied_enough(received: Message) -> bool:
    recent = Message.objects.filter(
        conversation=received.conversation_id,
        inbox=received.inbox_id,
        direction=Direction.OUTBOUND,
        occurred_at__gt=timezone.now() - _PERIOD,
    )
    return recent.automatic().count() >= _MOST


def _occasion(inbox: Inbox, connection: InboxConnection, message: Message) -> str:
    texts = Message.objects.filter(
        inquiry=message.inquiry_id, kind=MessageKind.TEXT
    ).exclude(pk=message.pk)
    now = timezone.now()
    if connection.away and not inbox_schedule(inbox).is_open(now):
        is_answered = texts.filter(
            author__isnull=False, occurred_at__gt=now - _ANSWERED
        ).exists()
        is_announced = is_answered or texts.on_occasion(AWAY).exists()
        return "" if is_announced else AWAY
    return GREETING if connection.greeting and not texts.exists() else ""


def _write(inbox: Inbox, received: Message, body: str, occasion: str) -> Message:
    data = Automatic(automatic=True, occasion=occasion).as_data()
    letter = _letter(inbox, received, body, data)
    message = Message.objects.create(
        account_id=received.account_id,
        conversation=received.conversation,
        inquiry=received.inquiry,
        inbox=inbox,
        identity=received.identity,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        body=body,
        data={**data, **letter.email.as_data()} if letter else data,
        state=DeliveryState.QUEUED,
    )
    if letter:
        store_letter(message, letter)
    after = {"inbox": inbox.name, "automatic": True}
    log.record("message.sent", message, actor=None, after=after)
    events.message_added(message)
    return message


def _letter(
    inbox: Inbox, received: Message, body: str, data: dict[str, Any]
) -> Letter | None:
    """What was heard is not quoted: it is being kept at this moment."""
    has_subject = ADAPTERS[inbox.channel].capabilities.has_subject
    if not has_subject or received.inquiry is None:
        return None
    reply_data = {**data, **ComposedMail(is_quoting=False).as_data()}
    return write_letter(
        received.inquiry,
        inbox=inbox,
        identity=received.identity,
        body=body,
        data=reply_data,
    )
