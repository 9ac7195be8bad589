"""The step that finds each draft its thread: conversation and inquiry, locked.

A thread is locked before its inquiry, and those of several customers in one order,
whoever locks them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from agentdesk.bulk_update import next_keys
from agentdesk.round_trip import Rows, Statement, execute_together
from conversations.choices import (
    OPEN_STATUSES,
    Direction,
    MessageKind,
)
from conversations.inbound.shapes import Draft, Result
from conversations.inquiries.actions.activity import note, wait
from conversations.inquiries.actions.open_inquiry import (
    inquiry_for_contact,
    newest_inquiry,
)
from conversations.messages.text import prepare_body
from conversations.models import (
    Conversation,
    Inbox,
    Inquiry,
    Message,
    Visitor,
)
from conversations.models.message import MAX_BODY
from customers.models import Customer

# A provider's clock may be off by this much before a message counts as late.
_LATE = timedelta(seconds=5)
Row = TypeVar("Row", bound=models.Model)
RepeatKey = tuple[int, str] | str


@dataclass
class Threads:
    """What is known of the threads of several drafts; all of it locked."""

    conversations: dict[int, Conversation]  # by customer
    inquiries: dict[int, Inquiry]  # the open ones, by conversation
    known: dict[RepeatKey, int]  # messages that are there already
    readers: dict[int, set[int]] | None  # visitors who read along, by conversation
    keys: list[int]  # for the messages that are to be written
    has_opened: bool = False  # an inquiry, whose first line stands above the message
    results: list[Result] = field(default_factory=list)
    new_chats: list[Message] = field(default_factory=list)  # that nobody owns

    @property
    def new(self) -> list[Result]:
        return [one for one in self.results if one.is_new]


def thread(inbox: Inbox, drafts: Sequence[Draft]) -> Threads:
    """Lock and read all that the drafts concern, and give each a place in it.

    One round trip, whatever the number of drafts.
    """
    customers = {draft.sender.pk: draft.sender for draft in drafts}
    threads = _read(inbox, customers, drafts)
    for pk, conversation in threads.conversations.items():
        conversation.customer, conversation.account = customers[pk], inbox.account
    stored = Message.objects.in_bulk(set(threads.known.values()))
    known = {key: stored[pk] for key, pk in threads.known.items()}
    for draft in drafts:
        conversation = threads.conversations[draft.sender.pk]
        key = _repeat_key(draft.message, conversation)
        if key is not None and key in known:
            threads.results.append(Result(draft, known[key], is_new=False))
            continue
        _place(inbox, conversation, draft, threads)
        threads.results.append(Result(draft, draft.message, is_new=True))
        if key is not None:
            known[key] = draft.message
    _number(threads)
    return threads


def _number(threads: Threads) -> None:
    """Keys in the order of what stands in the thread, lines of ours included."""
    if threads.has_opened:
        [rows] = execute_together([next_keys(Message, len(threads.new))])
        threads.keys = [pk for (pk,) in rows]
    for one, pk in zip(threads.new, threads.keys, strict=False):
        one.message.pk = pk


def _place(
    inbox: Inbox, conversation: Conversation, draft: Draft, threads: Threads
) -> None:
    """Find the message its inquiry, and let both rows say what it changes."""
    message = draft.message
    message.occurred_at = min(message.occurred_at, timezone.now())
    quiet = newest_inquiry(conversation) if draft.is_quiet else None
    inquiry = quiet or threads.inquiries.get(conversation.pk)
    if inquiry is None:
        inquiry = inquiry_for_contact(
            inbox,
            conversation,
            at=message.occurred_at,
            subject=draft.subject,
            answers=draft.answers,
            is_none_open=True,
        )
        threads.inquiries[conversation.pk] = inquiry
        threads.has_opened = True
    message.account_id = conversation.account_id
    message.inbox = inbox
    message.conversation = conversation
    message.inquiry = inquiry
    message.kind = MessageKind.TEXT
    message.direction = Direction.INBOUND
    message.body = prepare_body(message.body, MAX_BODY)
    newest = conversation.last_message_at
    message.is_late = newest is not None and message.occurred_at < newest - _LATE
    note(conversation, message, kind=draft.first_file)
    draft.is_quiet = quiet is not None
    if not draft.is_quiet:
        began = wait(
            inquiry,
            message.occurred_at,
            channel=inbox.channel,
            account=inbox.account,
        )
        if began and inquiry.owner_id is None:
            threads.new_chats.append(message)


def _repeat_key(message: Message, conversation: Conversation) -> RepeatKey | None:
    if message.client_id is not None:
        return conversation.pk, str(message.client_id)
    return message.provider_message_id


def _columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{one.column}"' for one in model._meta.concrete_fields)


_CONVERSATION, _INQUIRY = Conversation._meta.db_table, Inquiry._meta.db_table
_MESSAGE, _VISITOR = Message._meta.db_table, Visitor._meta.db_table
_THEIRS = f"select id from {_CONVERSATION} where customer_id = any(%s)"  # noqa: S608  # names of our own, as below
# Begins the threads of those who have none; racing, they get one each. Before anything is
# locked: where a thread appeared between the next two statements, its inquiry would be
# locked first, and another that has the thread would wait for ever.
_BEGIN_CONVERSATIONS = (
    f"insert into {_CONVERSATION} "  # noqa: S608
    "(account_id, customer_id, preview, last_channel, created_at) "
    "select %s, wanted.pk, '', %s, now() from unnest(%s::bigint[]) as wanted (pk) "
    f"where not exists (select from {_CONVERSATION} where customer_id = wanted.pk) "
    "order by wanted.pk on conflict do nothing"
)
_LOCK_CONVERSATIONS = (
    f"select {_columns(Conversation)} from {_CONVERSATION} "  # noqa: S608
    "where customer_id = any(%s) order by id for no key update"
)
_LOCK_INQUIRIES = (
    f"select {_columns(Inquiry)} from {_INQUIRY} "  # noqa: S608
    f"where conversation_id in ({_THEIRS}) and status = any(%s) "
    "order by id for no key update"
)
_KNOWN_BY_PROVIDER = (
    f"select id, provider_message_id from {_MESSAGE} "  # noqa: S608
    "where inbox_id = %s and provider_message_id = any(%s)"
)
# By pairs: of a long thread, no more than these are looked at.
_KNOWN_BY_CLIENT = (
    "select message.id, message.conversation_id, message.client_id "  # noqa: S608
    "from unnest(%s::bigint[], %s::uuid[]) as wanted (customer_id, client_id) "
    f"join {_CONVERSATION} as thread on thread.customer_id = wanted.customer_id "
    f"join {_MESSAGE} as message on message.conversation_id = thread.id "
    "and message.client_id = wanted.client_id"
)
_READERS = (
    f"select id, customer_id, earlier_id from {_VISITOR} "  # noqa: S608
    "where customer_id = any(%s) and signed_out_at is null union "
    f"select id, customer_id, earlier_id from {_VISITOR} "
    f"where earlier_id in ({_THEIRS}) and signed_out_at is null"
)


def _read(
    inbox: Inbox, customers: dict[int, Customer], drafts: Sequence[Draft]
) -> Threads:
    theirs, is_open = list(customers), [str(one) for one in OPEN_STATUSES]
    by_client = [one for one in drafts if one.message.client_id is not None]
    writers = [one.sender.pk for one in by_client]
    written = [one.message.client_id for one in by_client]
    ids = [one.message.provider_message_id for one in drafts]
    by_provider = [one for one in ids if one is not None]
    begin = (_BEGIN_CONVERSATIONS, [inbox.account_id, inbox.channel, theirs])
    statements: dict[str, Statement] = {
        "begun": begin,
        "conversations": (_LOCK_CONVERSATIONS, [theirs]),
        "inquiries": (_LOCK_INQUIRIES, [theirs, is_open]),
        "keys": next_keys(Message, len(drafts)),
    }
    if by_provider:
        statements["by_provider"] = (_KNOWN_BY_PROVIDER, [inbox.pk, by_provider])
    if by_client:  # written in a browser, which others of the same person may read
        statements["by_client"] = (_KNOWN_BY_CLIENT, [writers, written])
        statements["readers"] = (_READERS, [theirs, theirs])
    found = execute_together(list(statements.values()))
    rows: dict[str, Rows] = dict(zip(statements, found, strict=True))
    conversations = _as_rows(Conversation, rows["conversations"])
    known: dict[RepeatKey, int] = {
        str(name): pk for pk, name in rows.get("by_provider", ())
    }
    for pk, conversation, name in rows.get("by_client", ()):
        known[conversation, str(name)] = pk
    readers = rows.get("readers")
    return Threads(
        {one.customer_id: one for one in conversations},
        {one.conversation_id: one for one in _as_rows(Inquiry, rows["inquiries"])},
        known,
        None if readers is None else _readers(conversations, readers),
        [pk for (pk,) in rows["keys"]],
    )


def _as_rows(model: type[Row], rows: Rows) -> list[Row]:
    names = [one.attname for one in model._meta.concrete_fields]
    return [model.from_db("default", names, row) for row in rows]


def _readers(
    conversations: Sequence[Conversation], rows: Iterable[tuple[Any, ...]]
) -> dict[int, set[int]]:
    """Who reads each in their chat, after an identification too, by conversation."""
    by_customer = {one.customer_id: one.pk for one in conversations}
    readers: dict[int, set[int]] = {pk: set() for pk in by_customer.values()}
    for pk, customer, earlier in rows:
        for one in (by_customer.get(customer), earlier):
            if one in readers:
                readers[one].add(pk)
    return readers
