"""The messages of a conversation as the thread shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from agentdesk.prepared import as_prefetched, prepared
from conversations.adapters.registry import ADAPTERS
from conversations.calls.selectors.promises import promises_of
from conversations.choices import Channel, MessageKind
from conversations.contents.circumstances import Quotation
from conversations.contents.email import Email
from conversations.contents.speaker import Speaker
from conversations.messages.shown_changes import with_changes
from conversations.models import Attachment, Conversation, FollowUp, Message

PAGE_SIZE = 30
# Messages of one sender this close together share a heading.
_TOGETHER = timedelta(minutes=3)
_FRESH = timedelta(minutes=2)  # its writer's browser may still show it as leaving
_COLUMNS = [field.name for field in Message._meta.concrete_fields]
_NAMES = [
    "author__user__family_name",
    "author__user__given_name",
    "author__user__email",
]


@dataclass(frozen=True)
class Item:
    """One message with what stands above it: a new day, or nothing if it follows on."""

    message: Message
    new_day: date | None
    follows: bool
    quoted: Message | None = None
    promises: Sequence[FollowUp] = ()  # of a phone note

    @property
    def client(self) -> UUID | None:
        """By what its writer's browser knows it, while that may still show it as leaving."""
        message = self.message
        is_fresh = timezone.now() - message.created_at < _FRESH
        return message.client_id if is_fresh else None

    @property
    def can_quote(self) -> bool:
        """A reply on the channel of this message may quote it."""
        message = self.message
        return (
            message.is_inbound
            and message.removed_at is None
            and bool(message.provider_message_id)
            and message.channel in ADAPTERS
            and ADAPTERS[Channel(message.channel)].capabilities.has_quotes
        )


@dataclass(frozen=True)
class Thread:
    items: list[Item]
    has_earlier: bool
    # The message below an earlier page, where its day has begun on this page already.
    ends_on_day_of: int | None = None
    has_later: bool = False
    place: int | None = None  # the message it is opened at
    newest_pk: int = 0  # where it does not reach to the end: the newest of all

    @property
    def first_pk(self) -> int:
        return self.items[0].message.pk if self.items else 0

    @property
    def last_pk(self) -> int:
        """The newest message by our own sequence: what the screen has seen."""
        shown = max((item.message.pk for item in self.items), default=0)
        return max(shown, self.newest_pk)

    @property
    def last_inbound(self) -> Message | None:
        """The customer's newest message to an inbox among those shown."""
        messages = (item.message for item in reversed(self.items))
        return next(
            (
                message
                for message in messages
                if message.is_inbound
                and message.kind == MessageKind.TEXT
                and message.inbox_id is not None
            ),
            None,
        )


def _named(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Of author and inquiry only what the thread names."""
    rows = with_changes(rows).select_related("author__user", "inquiry")
    return rows.only(*_COLUMNS, *_NAMES, "inquiry__reference")


def shown_messages(conversation: Conversation) -> QuerySet[Message]:
    """Each with its conversation and its files."""
    return _named(conversation.messages.all()).prefetch_related(
        Prefetch("attachments", Attachment.objects.order_by("pk"))
    )


@prepared
def newest_messages(conversation_id: int) -> QuerySet[Message]:
    rows = _named(Message.objects.filter(conversation=conversation_id))
    return rows.order_by("-occurred_at", "-pk")[: PAGE_SIZE + 1]


@prepared
def files_of(message_ids: list[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__in=message_ids).order_by("pk")


def latest(conversation: Conversation) -> Thread:
    """The newest page, oldest first."""
    found = newest_messages(conversation.pk)
    files: dict[int | None, list[Attachment]] = {}
    for file in files_of([message.pk for message in found]):
        files.setdefault(file.message_id, []).append(file)
    for message in found:
        message.conversation = conversation
        as_prefetched(message, "attachments", files.get(message.pk, []))
    return _as_page(found)


def earlier(conversation: Conversation, *, than: Message) -> Thread:
    """The page before a message of this conversation."""
    before = Q(occurred_at__lt=than.occurred_at) | Q(
        occurred_at=than.occurred_at, pk__lt=than.pk
    )
    rows = shown_messages(conversation).filter(
        before, occurred_at__lte=than.occurred_at
    )
    page = _page(rows)
    if page.items and is_same_day(page.items[-1].message, than):
        return replace(page, ends_on_day_of=than.pk)
    return page


def newer(conversation: Conversation, *, than_pk: int) -> Thread:
    """What has come since the screen last looked, by our own sequence."""
    rows = list(
        shown_messages(conversation).filter(pk__gte=than_pk).order_by("pk")[:200]
    )
    # The last one it has comes along: what is new may follow on from it.
    previous = next((row for row in rows if row.pk == than_pk), None)
    found = [row for row in rows if row.pk > than_pk]
    found.sort(key=lambda message: (message.occurred_at, message.pk))
    return Thread(as_items(found, previous), has_earlier=False)


def one(conversation: Conversation, pk: int) -> Item | None:
    """A single message as it stands now, without the day above it."""
    at = Subquery(conversation.messages.filter(pk=pk).values("occurred_at"))
    until = Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lte=pk)
    rows = shown_messages(conversation).filter(until, occurred_at__lte=at)
    # The one before it comes along: it may follow on from that.
    found = list(rows.order_by("-occurred_at", "-pk")[:2])
    if not found:
        return None
    message, *above = found
    quoted = _quoted_by([message]).get(_quote_of(message))
    follows = bool(above) and _follows_on(message, above[0])
    promises = promises_of([message]).get(message.pk, ())
    return Item(message, None, follows, quoted=quoted, promises=promises)


def _page(rows: QuerySet[Message]) -> Thread:
    return _as_page(list(rows.order_by("-occurred_at", "-pk")[: PAGE_SIZE + 1]))


def _as_page(found: list[Message]) -> Thread:
    """From the newest first, one more than a page where there are earlier ones."""
    has_earlier = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE][::-1]
    return Thread(as_items(found, None), has_earlier)


def as_items(messages: Sequence[Message], previous: Message | None) -> list[Item]:
    items = []
    quoted, promises = _quoted_by(messages), promises_of(messages)
    for message in messages:
        day = timezone.localdate(message.occurred_at)
        is_new_day = previous is None or not is_same_day(message, previous)
        items.append(
            Item(
                message,
                day if is_new_day else None,
                follows=previous is not None and _follows_on(message, previous),
                quoted=quoted.get(_quote_of(message)),
                promises=promises.get(message.pk, ()),
            )
        )
        previous = message
    return items


_Quote = tuple[int | None, str]


def _quote_of(message: Message) -> _Quote:
    return message.inbox_id, Quotation.of(message).quoted


def _quoted_by(messages: Sequence[Message]) -> dict[_Quote, Message]:
    """What they quote, of the same conversation; one query, and none without quotes."""
    wanted = {one for message in messages if (one := _quote_of(message))[1]}
    if not wanted:
        return {}
    found = Message.objects.filter(
        conversation=messages[0].conversation_id,
        inbox__in={inbox for inbox, _id in wanted},
        provider_message_id__in={quoted for _inbox, quoted in wanted},
    ).select_related("author__user")
    return {(one.inbox_id, one.provider_message_id or ""): one for one in found}


def _follows_on(message: Message, previous: Message) -> bool:
    return (
        message.kind == previous.kind == MessageKind.TEXT
        and message.direction == previous.direction
        and message.author_id == previous.author_id
        and message.channel == previous.channel
        and Speaker.of(message) == Speaker.of(previous)
        and Email.of(message) is None  # a letter has its own date
        and timedelta() <= message.occurred_at - previous.occurred_at < _TOGETHER
        and is_same_day(message, previous)
    )


def is_same_day(one: Message, other: Message) -> bool:
    return timezone.localdate(one.occurred_at) == timezone.localdate(other.occurred_at)
