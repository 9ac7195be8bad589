"""What happens to an inquiry in the same breath as its reply is sent: both, or neither."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agentdesk.accounts.models import User
from conversations.inquiries.actions import inquiry as verbs
from conversations.inquiries.actions.undo import state_of, undo_token
from conversations.inquiries.selectors.snooze_choices import moment_words
from conversations.models import ContactReason, Inquiry

AfterSend = Callable[[Inquiry, User], Inquiry]


@dataclass(frozen=True)
class Followed:
    """What was done, in words, and what gives it back (actions/undo.py)."""

    inquiry: Inquiry
    text: str
    token: str


def close_with(
    *, reason: ContactReason, status: str = "done", summary: str = ""
) -> AfterSend:
    def close(inquiry: Inquiry, actor: User) -> Inquiry:
        return verbs.close(
            inquiry, actor=actor, reason=reason, status=status, summary=summary
        )

    return close


def snooze_until(until: datetime) -> AfterSend:
    def snooze(inquiry: Inquiry, actor: User) -> Inquiry:
        return verbs.snooze(inquiry, actor=actor, until=until)

    return snooze


def follow(pk: int, after: AfterSend, *, actor: User) -> Followed:
    """Within the transaction that sends. Raises RefusalError kinds, as the verb does."""
    inquiry = Inquiry.objects.select_related("conversation").get(pk=pk)
    before: dict[str, Any] = state_of(inquiry)
    changed = after(inquiry, actor)
    token = undo_token(changed, actor=actor, before=before)
    return Followed(changed, _text(changed), token)


def _text(inquiry: Inquiry) -> str:
    if inquiry.snoozed_until is not None:
        moment = moment_words(inquiry.snoozed_until)
        return _("Snoozed until %(moment)s.") % {"moment": moment}
    return _("Closed: %(reference)s") % {"reference": inquiry.reference}
