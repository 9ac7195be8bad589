"""The thread around a place in it: a message, the beginning of an inquiry, a day."""

from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from agentdesk.accounts.access import Access
from conversations.desk.selectors.thread import (
    PAGE_SIZE,
    Thread,
    as_items,
    shown_messages,
)
from conversations.models import Conversation, Inquiry, Message

_HALF = PAGE_SIZE // 2
_MOST_INQUIRIES = 50


def around(conversation: Conversation, *, at: Message) -> Thread:
    """Half a page on either side of a message of this conversation."""
    newest = conversation.messages.order_by("-occurred_at", "-pk")
    # Read first: what comes meanwhile is newer, and read by the live thread.
    newest_pk = max(newest.values_list("pk", flat=True)[:PAGE_SIZE], default=0)
    rows = shown_messages(conversation)
    is_before = Q(occurred_at__lt=at.occurred_at) | Q(
        occurred_at=at.occurred_at, pk__lt=at.pk
    )
    before = rows.filter(is_before, occurred_at__lte=at.occurred_at)
    above = list(before.order_by("-occurred_at", "-pk")[: _HALF + 1])
    below = list(_from(rows, at, is_included=True)[: _HALF + 1])
    return Thread(
        as_items(above[:_HALF][::-1] + below[:_HALF], None),
        has_earlier=len(above) > _HALF,
        has_later=len(below) > _HALF,
        place=at.pk,
        newest_pk=newest_pk,
    )


def later(conversation: Conversation, *, than: Message) -> Thread:
    """The page behind a message of this conversation, in the order of the thread."""
    rows = _from(shown_messages(conversation), than, is_included=False)
    found = list(rows[: PAGE_SIZE + 1])
    return Thread(
        as_items(found[:PAGE_SIZE], than),
        has_earlier=False,
        has_later=len(found) > PAGE_SIZE,
    )


def _from(
    rows: QuerySet[Message], at: Message, *, is_included: bool
) -> QuerySet[Message]:
    same = {"pk__gte" if is_included else "pk__gt": at.pk}
    behind = Q(occurred_at__gt=at.occurred_at) | Q(occurred_at=at.occurred_at, **same)
    # The bare bound beside it is what the index of the thread begins at.
    rows = rows.filter(behind, occurred_at__gte=at.occurred_at)
    return rows.order_by("occurred_at", "pk")


def message_of_inquiry(conversation: Conversation, pk: int) -> Message | None:
    """What an inquiry of this conversation began with."""
    rows = conversation.messages.filter(inquiry=pk)
    return rows.order_by("occurred_at", "pk").first()


def message_of_day(conversation: Conversation, day: date) -> Message | None:
    """The first one on that day or later, by the member's clock."""
    begins = timezone.make_aware(datetime.combine(day, time.min))
    rows = conversation.messages.filter(occurred_at__gte=begins)
    return rows.order_by("occurred_at", "pk").first()


def inquiries_of(access: Access, conversation: Conversation) -> QuerySet[Inquiry]:
    """Those of this thread, the newest first."""
    rows = Inquiry.objects.visible_to(access).filter(conversation=conversation)
    return rows.select_related("reason").order_by("-opened_at", "-pk")[:_MOST_INQUIRIES]
