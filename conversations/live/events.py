"""Who hears what. Called by actions, inside their transaction; sent after commit."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from agentdesk.accounts.models import Membership
from agentdesk.live.publish import publish
from conversations.adapters.registry import channels_that
from conversations.choices import MessageKind
from conversations.models import (
    Call,
    Conversation,
    Inbox,
    Inquiry,
    Message,
    Notification,
    Visitor,
)
from customers.models import Customer

SIGNED_OUT = "signed_out"

# Whose customers read on our own pages, by a socket of ours.
_READ_HERE = frozenset(channels_that("is_instant"))


def message_added(message: Message) -> None:
    messages_added([message])


def messages_added(
    messages: Sequence[Message], *, readers: Mapping[int, set[int]] | None = None
) -> None:
    """`readers`: the visitors of each conversation, where they are known already."""
    _publish_to_conversations(messages, "message_added", readers)


def message_changed(message: Message) -> None:
    """Its delivery state, or its text, is another now."""
    _publish_to_conversations([message], "message_changed")


def _publish_to_conversations(
    messages: Sequence[Message],
    kind: str,
    readers: Mapping[int, set[int]] | None = None,
) -> None:
    for message in messages:
        publish(
            f"conversation:{message.conversation_id}",
            kind,
            message=message.pk,
            author=message.author_id or 0,
        )
    _publish_to_visitors(messages, kind, readers)


def messages_read(newest: Message) -> None:
    """A member has seen the customer's messages up to this one.

    The desk draws them as before: no screen of it reads anything again, and a list only
    takes the dot away.
    """
    publish(
        f"conversation:{newest.conversation_id}", "messages_read", message=newest.pk
    )
    publish(
        f"account:{newest.account_id}",
        "conversation_read",
        conversation=newest.conversation_id,
    )
    _publish_to_visitors([newest], "message_changed")


def _publish_to_visitors(
    messages: Sequence[Message],
    kind: str,
    readers: Mapping[int, set[int]] | None = None,
) -> None:
    chatted = [
        one
        for one in messages
        if one.kind == MessageKind.TEXT and one.channel in _READ_HERE
    ]
    if chatted and readers is None:
        readers = _visitors_of([one.conversation for one in chatted])
    for message in chatted:
        for pk in (readers or {}).get(message.conversation_id, ()):
            publish(f"visitor:{pk}", kind, message=message.pk)


def _visitors_of(conversations: Iterable[Conversation]) -> dict[int, set[int]]:
    """Who reads each in their chat, after an identification too, by conversation."""
    by_customer = {one.customer_id: one.pk for one in conversations}
    readers: dict[int, set[int]] = {pk: set() for pk in by_customer.values()}
    now = Q(customer__in=list(by_customer))
    rows = Visitor.objects.filter(
        now | Q(earlier__in=list(readers)), signed_out_at__isnull=True
    )
    for pk, customer, earlier in rows.values_list("pk", "customer", "earlier"):
        if customer in by_customer:
            readers[by_customer[customer]].add(pk)
        if earlier in readers:
            readers[earlier].add(pk)
    return readers


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


def chat_waiting(message: Message) -> None:
    """Somebody has begun to wait in a chat that nobody owns: the desk may sound.

    Of chats that not all members see, tests and trials, no signal is sent.
    """
    inquiry = message.inquiry
    if inquiry is None or inquiry.is_test or inquiry.partial_inbox_id:
        return
    publish(
        f"account:{inquiry.account_id}",
        "chat_waiting",
        inquiry=inquiry.pk,
        conversation=inquiry.conversation_id,
        message=message.pk,
    )


def compose_changed(conversation: Conversation) -> None:
    """Somebody took, gave back or lost the right to answer."""
    publish(f"conversation:{conversation.pk}", "compose_changed")


def schedule_changed(conversation: Conversation) -> None:
    """A reply waits there for its time, or one no longer does."""
    publish(f"conversation:{conversation.pk}", "schedule_changed")


def marks_changed(message: Message) -> None:
    """Members have put something on it for each other: no visitor hears of that."""
    publish(
        f"conversation:{message.conversation_id}",
        "message_changed",
        message=message.pk,
        author=0,
    )


def pins_changed(conversation: Conversation) -> None:
    """Another message stands at the head of the thread, or one no longer does."""
    publish(f"conversation:{conversation.pk}", "pins_changed")


def drafts_changed(member: Membership) -> None:
    """The member has begun something, or it is sent or gone: their lists mark it."""
    publish(f"member:{member.pk}", "drafts_changed")


def customer_changed(customer: Customer) -> None:
    publish(f"customer:{customer.pk}", "customer_changed", customer=customer.pk)


def call_changed(call: Call) -> None:
    """Its state, customer or clock; a call nobody has yet concerns the whole account."""
    topic = (
        f"member:{call.member_id}" if call.member_id else f"account:{call.account_id}"
    )
    publish(topic, "call_changed", call=call.pk)


def call_taken(call: Call) -> None:
    """A call that rang for everybody is somebody's now: it stops ringing elsewhere."""
    publish(f"account:{call.account_id}", "call_changed", call=call.pk)


def call_draft_changed(call: Call) -> None:
    """Its notes were saved: other tabs of the same member take them over."""
    if call.member_id is not None:
        publish(
            f"member:{call.member_id}",
            "call_draft",
            call=call.pk,
            version=call.draft_version,
        )


def notified(notification: Notification) -> None:
    publish(
        f"member:{notification.member_id}", "notified", notification=notification.pk
    )


def notifications_changed(member: Membership) -> None:
    """Some are there no more."""
    publish(f"member:{member.pk}", "notified")


def inbox_changed(inbox: Inbox) -> None:
    """How it is set up, or how far it has come: admins who look at it read it again."""
    publish(f"inbox:{inbox.pk}", "inbox_changed", inbox=inbox.pk)


def agent_typing(conversation: Conversation, *, is_typing: bool) -> None:
    """Tells the visitor that an answer is being written."""
    for pk in _visitors_of([conversation])[conversation.pk]:
        publish(f"visitor:{pk}", "typing", on=int(is_typing))


def visitor_signed_out(visitor: Visitor) -> None:
    """Sockets that the visitor's token has opened are closed."""
    publish(f"visitor:{visitor.pk}", SIGNED_OUT)


def visitor_changed(visitor: Visitor) -> None:
    """The visitor has gone to another page, or said something of themselves."""
    conversation = getattr(visitor.customer, "conversation", None)
    if conversation is not None:
        publish(
            f"conversation:{conversation.pk}", "visitor_changed", visitor=visitor.pk
        )
