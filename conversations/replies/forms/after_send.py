"""What is to be done to the inquiry with the reply, as the composer submits it."""

from django.http import QueryDict

from conversations.exceptions import ReasonNeededError, RefusalError
from conversations.inquiries.forms.inquiry import ClosingForm, SnoozeForm
from conversations.models import Conversation
from conversations.replies.actions.after_send import AfterSend, close_with, snooze_until


def after_send(conversation: Conversation, posted: QueryDict) -> AfterSend | None:
    """None where the inquiry stays as it is. Raises RefusalError."""
    if posted.get("kind") != "reply":
        return None
    match posted.get("then", ""):
        case "close":
            return _closing(conversation, posted)
        case "snooze":
            return _snooze(conversation, posted)
        case _:
            return None


def _closing(conversation: Conversation, posted: QueryDict) -> AfterSend:
    form = ClosingForm(_filled(posted), account_id=conversation.account_id)
    if not form.is_valid():
        raise ReasonNeededError
    return close_with(**form.cleaned_data)


def _filled(posted: QueryDict) -> dict[str, str]:
    """Closed as done where nothing else is chosen."""
    given = {name: posted.get(name, "") for name in ("reason", "status", "summary")}
    return given | {"status": given["status"] or "done"}


def _snooze(conversation: Conversation, posted: QueryDict) -> AfterSend:
    form = SnoozeForm(posted)
    if not form.is_valid():
        errors = [str(one) for ones in form.errors.values() for one in ones]
        raise RefusalError(" ".join(errors))
    return snooze_until(form.moment(conversation.account))
