"""From when on a customer who waits is shown to be near, or past, what is due."""

from datetime import datetime
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from agentdesk.accounts.models import User
from conversations.choices import Direction
from conversations.models import Conversation, Inquiry

register = template.Library()


class ListedInquiry(Protocol):
    """A row of the list, with what its query adds."""

    conversation: Conversation
    author_user: int | None
    author_name: str | None


@register.filter
def waiting_tone(inquiry: Inquiry) -> str:
    """The tone a row begins with; time.js goes on by the seconds below."""
    now = timezone.now()
    if inquiry.due_at is not None and now >= inquiry.due_at:
        return "danger"
    if inquiry.due_soon_at is not None and now >= inquiry.due_soon_at:
        return "warning"
    return "neutral"


@register.filter
def last_words_of(inquiry: ListedInquiry, user: User) -> str:
    """Whose the words of a row are, unless the customer's."""
    if inquiry.author_user == user.pk:
        return pgettext("before one's own words", "You: ")
    if inquiry.author_name:
        return gettext("%(name)s: ") % {"name": inquiry.author_name}
    is_ours = inquiry.conversation.last_direction == Direction.OUTBOUND
    return pgettext("before words of ours", "Us: ") if is_ours else ""


@register.filter
def seconds_to(since: datetime, moment: datetime | None) -> int | str:
    """Between the two; empty where there is no moment yet."""
    return "" if moment is None else int((moment - since).total_seconds())
