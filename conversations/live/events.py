"""Who hears what. Called by actions, inside their transaction; sent after commit."""

from agentdesk.live.publish import publish
from conversations.choices import Channel, MessageKind
from conversations.models import (
    Call,
    Conversation,
    Inquiry,
    Message,
    Notification,
    Visitor,
)
from customers.models import Customer


def message_added(message: Message) -> None:
    _tell_conversation(message, "message_added")


def message_changed(message: Message) -> None:
    """Its delivery state, or its text, is another now."""
    _tell_conversation(message, "message_changed")


def _tell_conversation(message: Message, kind: str) -> None:
    publish(
        f"conversation:{message.conversation_id}",
        kind,
        message=message.pk,
        author=message.author_id or 0,
    )
    if message.kind == MessageKind.TEXT and message.channel == Channel.WEBCHAT:
        _tell_visitors(message, kind)


def _tell_visitors(message: Message, kind: str) -> None:
    visitors = Visitor.objects.filter(customer__conversation=message.conversation_id)
    for pk in visitors.values_list("pk", flat=True):
        publish(f"visitor:{pk}", kind, message=message.pk)


def inquiry_changed(inquiry: Inquiry) -> None:
    publish(
        f"conversation:{inquiry.conversation_id}", "inquiry_changed", inquiry=inquiry.pk
    )
    list_changed(inquiry)


def list_changed(inquiry: Inquiry) -> None:
    """A row of the account's inquiry list reads differently now."""
    publish(
        f"account:{inquiry.account_id}",
        "list_changed",
        inquiry=inquiry.pk,
        conversation=inquiry.conversation_id,
        owner=inquiry.owner_id or 0,
    )


def compose_changed(conversation: Conversation) -> None:
    """Somebody took, gave back or lost the right to answer."""
    publish(f"conversation:{conversation.pk}", "compose_changed")


def customer_changed(customer: Customer) -> None:
    publish(f"customer:{customer.pk}", "customer_changed", customer=customer.pk)


def call_changed(call: Call) -> None:
    if call.member_id is not None:
        publish(f"member:{call.member_id}", "call_changed", call=call.pk)


def notified(notification: Notification) -> None:
    publish(
        f"member:{notification.member_id}", "notified", notification=notification.pk
    )


def agent_typing(conversation: Conversation, *, is_typing: bool) -> None:
    """Tells the visitor that an answer is being written."""
    visitors = Visitor.objects.filter(customer__conversation=conversation)
    for pk in visitors.values_list("pk", flat=True):
        publish(f"visitor:{pk}", "typing", on=int(is_typing))
