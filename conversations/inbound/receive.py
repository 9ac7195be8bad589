"""The step that writes what customers wrote, and tells everyone it concerns."""

from collections.abc import Iterable, Sequence

from agentdesk.bulk_update import insert_statement, next_keys, update_statement
from agentdesk.round_trip import Statement, execute_together
from conversations.choices import Direction, NotificationKind
from conversations.inbound.shapes import Result
from conversations.inbound.thread import Threads
from conversations.inquiries.actions.activity import REPEATED, WAITING
from conversations.live import events
from conversations.models import Attachment, Inbox, Inquiry, Message, Notification
from conversations.push.announce import announce


def receive(_inbox: Inbox, threads: Threads) -> None:
    """Store what is new in its thread, in a round trip or two, whatever its number."""
    new = threads.new
    if not new:
        return
    messages = [one.message for one in new]
    # The last message of each inquiry that somebody waits in now.
    waited = {one.inquiry.pk: one for one in new if not one.draft.is_quiet}
    again, first = _notifications(waited.values())
    conversations = {one.conversation.pk: one.conversation for one in new}
    inquiries = [one.inquiry for one in waited.values()]
    statements: list[Statement] = [
        insert_statement(messages),
        update_statement(list(conversations.values()), REPEATED),
    ]
    if inquiries:
        statements.append(update_statement(inquiries, WAITING))
    if again:
        statements.append(update_statement(again, ("message",)))
    if first:
        statements.append(insert_statement(first))
    execute_together(statements)
    for one in new:
        one.message._state.adding = False
        attach(one.message, one.draft.attachments)
    _publish(messages, inquiries, threads)
    for notification in (*again, *first):
        announce(notification)


def _publish(
    messages: Sequence[Message], inquiries: Sequence[Inquiry], threads: Threads
) -> None:
    events.messages_added(messages, readers=threads.readers)
    for inquiry in inquiries:
        events.list_changed(inquiry)
    for message in threads.new_chats:
        events.chat_waiting(message)


def _notifications(
    waited: Iterable[Result],
) -> tuple[list[Notification], list[Notification]]:
    """For the owners: unseen ones, which name a newer message now, and new ones.

    Of a conversation that only tests an inbox nobody is told.
    """
    concerned = {
        (one.inquiry.owner_id, one.conversation.pk): one
        for one in waited
        if one.inquiry.owner_id is not None and not one.conversation.customer.is_test
    }
    if not concerned:
        return [], []
    members, conversations = zip(*concerned, strict=True)
    kind = str(NotificationKind.MESSAGE)
    unseen, keys = execute_together(
        [
            (_UNSEEN, [list(members), list(conversations), kind]),
            next_keys(Notification, len(concerned)),
        ]
    )
    known = {(member, conversation): pk for pk, member, conversation in unseen}
    again: list[Notification] = []
    first: list[Notification] = []
    for (key, one), (new_pk,) in zip(concerned.items(), keys, strict=True):
        row = Notification(
            pk=known.get(key, new_pk),
            account_id=one.message.account_id,
            member_id=key[0],
            kind=kind,
            conversation=one.conversation,
            message=one.message,
        )
        (again if key in known else first).append(row)
    return again, first


_UNSEEN = (
    "select told.id, told.member_id, told.conversation_id "  # noqa: S608  # a name of our own
    "from unnest(%s::bigint[], %s::bigint[]) as wanted (member_id, conversation_id) "
    f"join {Notification._meta.db_table} as told using (member_id, conversation_id) "
    "where told.kind = %s and told.seen_at is null"
)


def attach(message: Message, attachments: Iterable[Attachment]) -> None:
    """Raises ValueError where a file made for members would leave, or the reverse."""
    for attachment in attachments:
        if attachment.is_internal != (message.direction == Direction.INTERNAL):
            raise ValueError("a file of the other kind")
        attachment.conversation = message.conversation
        attachment.message = message
        attachment.save()
