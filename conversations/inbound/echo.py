"""Replies that were written in the provider's own inbox."""

from datetime import datetime

from django.utils import timezone

from conversations.adapters.events import Echo
from conversations.choices import DeliveryState, Direction, MessageKind
from conversations.contents.circumstances import Origin
from conversations.exceptions import NotYetError
from conversations.inbound.files import place_files
from conversations.inbound.identify import identity_of
from conversations.inbound.known import is_known
from conversations.inbound.thread_mail import answered_elsewhere_of
from conversations.inquiries.actions.activity import note_activity
from conversations.inquiries.actions.conversation import conversation_of
from conversations.inquiries.actions.open_inquiry import current_inquiry
from conversations.live import events
from conversations.models import Inbox, Message
from customers.models import Identity


def receive_echo(inbox: Inbox, event: Echo, *, received_at: datetime) -> Message | None:
    """A reply that was written in the provider's own inbox; ours are known already."""
    if is_known(inbox, event.provider_message_id):
        return None
    identity = identity_of(inbox, event.recipient)
    conversation = conversation_of(identity.customer)
    if _is_sending(inbox, identity):
        raise NotYetError("it may be the reply that is being sent at this moment")
    at = min(event.occurred_at or received_at, timezone.now())
    inquiry = current_inquiry(
        conversation,
        channel=inbox.channel,
        queue=inbox.queue,
        at=at,
        answers=answered_elsewhere_of(inbox, identity, event.data),
    )
    message = Message.objects.create(
        account_id=inbox.account_id,
        conversation=conversation,
        inquiry=inquiry,
        inbox=inbox,
        identity=identity,
        channel=inbox.channel,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        content=event.content,
        body=event.body,
        data={**event.data, **Origin(elsewhere=True).as_data()},
        provider_message_id=event.provider_message_id,
        state=DeliveryState.SENT,
        occurred_at=at,
    )
    place_files(message, event.media)
    note_activity(
        conversation, message, kind=event.media[0].kind if event.media else ""
    )
    answered_elsewhere(message)
    return message


def _is_sending(inbox: Inbox, identity: Identity) -> bool:
    return Message.objects.filter(
        inbox=inbox, identity=identity, state=DeliveryState.SENDING
    ).exists()


def answered_elsewhere(message: Message) -> None:
    """The customer waits no more, whoever has answered."""
    inquiry = message.inquiry
    if inquiry is not None and (inquiry.waiting_since or message.occurred_at) <= (
        message.occurred_at
    ):
        inquiry.waiting_since = None
        inquiry.save(update_fields=["waiting_since"])
        events.inquiry_changed(inquiry)
    events.message_added(message)
